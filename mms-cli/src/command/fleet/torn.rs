//! Torn records of the journal that may be creates: nothing of their names is created before a person has looked.

use mms_client::FileJournal;

use crate::output::failure::{Failure, journal_unusable};

/// Refuses names of which a torn record may be a create.
pub(super) fn refuse<'a>(journal: &FileJournal, names: impl Iterator<Item = &'a str>) -> Result<(), Failure> {
    for name in names {
        let torn = journal.torn_intent_of(name).map_err(|error| journal_unusable(&error))?;
        if let Some(file) = torn {
            let file = file.display();
            return Err(Failure::failed(format!(
                "a torn record of the journal, kept in {file}, may be a create of {name:?}; nothing was sent"
            ))
            .hint(format!("look in Make for the child; if it is not there, remove {file}")));
        }
    }
    Ok(())
}
