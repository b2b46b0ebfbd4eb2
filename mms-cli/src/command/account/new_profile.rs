//! Profile that a login sets up: what it said of its server before makes room for what it says now.

use crate::args::GlobalArgs;
use crate::config::{ConfigFile, Kept, Key, Settings, TokenStore, TokenStores};
use crate::output::failure::Failure;
use crate::output::printer::Printer;

/// Profile before it is written.
#[derive(Debug)]
pub(super) struct NewProfile {
    file: ConfigFile,
    name: String,
    values: Vec<(Key, String)>,
    /// The store that has the token of an earlier login.
    former_store: Option<TokenStore>,
}

impl NewProfile {
    /// Begins the profile that is meant, which may be there already.
    pub(super) fn begin(global: &GlobalArgs) -> Result<Self, Failure> {
        let file = ConfigFile::read()?;
        let name = Settings::profile_name(global, &file)?;
        let former_store = TokenStores::store_of(&file, &name)?;
        Ok(Self { file, name, values: Vec::new(), former_store })
    }

    /// Returns the name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the file that it is written to.
    pub(super) fn file(&self) -> String {
        self.file.path().display().to_string()
    }

    /// Sets a value.
    pub(super) fn set(&mut self, key: Key, value: impl Into<String>) {
        self.values.push((key, value.into()));
    }

    /// Writes the profile, and forgets the token of an earlier login where `kept` did not take its place.
    pub(super) async fn write(
        &mut self,
        stores: &TokenStores,
        kept: Option<&Kept>,
        printer: &Printer,
    ) -> Result<(), Failure> {
        let Self { file, name, values, former_store } = self;
        file.begin_login(name);
        if let Some(kept) = kept {
            file.set(name, Key::TokenStore, kept.store.name());
        }
        for (key, value) in values {
            file.set(name, *key, value);
        }
        file.make_default_if_first(name);
        file.write()?;
        let forgotten = stores.forget_former(*former_store, kept, name, |text| printer.note(text)).await;
        if let Err(failure) = forgotten {
            let texts: Vec<_> = [Some(failure.message()), failure.hint_line()].into_iter().flatten().collect();
            printer.warn(&texts.join("; "));
        }
        Ok(())
    }
}
