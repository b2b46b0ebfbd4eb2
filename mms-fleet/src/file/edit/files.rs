//! Files of a fleet with changes: made in the texts, compared with what was meant, and written.

use std::collections::HashMap;

use super::error::{ByHand, EditError};
use super::meant::{Edit, Meaning, is_same};
use super::replace;
use super::text::TextEditor;
use crate::file::files::FleetFiles;
use crate::file::merge;
use crate::file::source::Source;

/// Files of a fleet with changes that are not on disk yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditedFiles {
    before: Vec<Source>,
    after: FleetFiles,
}

impl FleetFiles {
    /// Makes changes in the texts. New children come at the end of the first file.
    ///
    /// Comments, order, quotes, anchors and line ends of what is there stay. The error names what has to be written by hand; then
    /// nothing is changed.
    ///
    /// ```
    /// use mms_fleet::{Edit, FleetFiles};
    ///
    /// let text = "format: 1\norganization: 11\nchildren:\n  Acme: # ours\n    credits: 10000\n";
    /// let files = FleetFiles::parse(&[("fleet.yaml", text)])?;
    /// let edited = files.edit(&[Edit::Bind { name: "Acme".parse()?, id: 123.try_into()? }])?;
    /// let (_, text) = edited.files().texts().next().ok_or("no file")?;
    /// assert!(text.ends_with("  Acme: # ours\n    id: 123\n    credits: 10000\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn edit(&self, edits: &[Edit]) -> Result<EditedFiles, EditError> {
        let (edited, by_hand) = self.edit_what_can_be(edits, self.editors())?;
        if by_hand.is_empty() { Ok(edited) } else { Err(EditError::by_hand(by_hand)) }
    }

    /// Makes those changes in the texts that can be made, and returns the others for a person to make.
    ///
    /// ```
    /// use mms_fleet::{Edit, FleetFiles};
    ///
    /// let text = "format: 1\norganization: 11\nchildren:\n  A: &a {credits: 0}\n  B: *a\n  C: {credits: 0}\n";
    /// let files = FleetFiles::parse(&[("fleet.yaml", text)])?;
    /// let bind = |name: &str, id: u64| Ok::<_, Box<dyn std::error::Error>>(Edit::Bind { name: name.parse()?, id: id.try_into()? });
    /// let (edited, by_hand) = files.edit_each(&[bind("B", 2)?, bind("C", 3)?]);
    /// assert!(edited.files().texts().all(|(_, text)| text.ends_with("  C: {id: 3, credits: 0}\n")));
    /// assert_eq!((by_hand[0].name.as_str(), by_hand[0].text.as_str()), ("B", "id: 2"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn edit_each(&self, edits: &[Edit]) -> (EditedFiles, Vec<ByHand>) {
        let (after, by_hand) = self.after_each(edits);
        (EditedFiles { before: self.sources.clone(), after }, by_hand)
    }

    /// Makes the changes together, or else in halves: one that means something else keeps none of the others from being made.
    fn after_each(&self, edits: &[Edit]) -> (Self, Vec<ByHand>) {
        match (self.edit_what_can_be(edits, self.editors()), edits) {
            (Ok((edited, by_hand)), _) => (edited.after, by_hand),
            (Err(_), [] | [_]) => (self.clone(), edits.iter().map(ByHand::of).collect()),
            (Err(_), several) => {
                let (first, second) = several.split_at(several.len() / 2);
                let (after, mut by_hand) = self.after_each(first);
                let (after, more) = after.after_each(second);
                by_hand.extend(more);
                (after, by_hand)
            }
        }
    }

    /// Returns an editor for each file.
    pub(in crate::file) fn editors(&self) -> Vec<TextEditor<'_>> {
        self.sources.iter().filter_map(TextEditor::new).collect()
    }

    /// Makes the changes that can be made, with an editor for each file, and returns the others.
    pub(in crate::file) fn edit_what_can_be(
        &self,
        edits: &[Edit],
        editors: Vec<TextEditor<'_>>,
    ) -> Result<(EditedFiles, Vec<ByHand>), EditError> {
        if edits.is_empty() {
            return Ok((EditedFiles { before: self.sources.clone(), after: self.clone() }, Vec::new()));
        }
        let mut after = self.sources.clone();
        let mut meaning = Meaning::of(&self.fleet);
        let mut by_hand = Vec::new();
        let files = self.files_by_name();
        let mut by_file: Vec<Vec<&Edit>> = vec![Vec::new(); after.len()];
        for edit in edits {
            let file = match edit {
                Edit::Add(_) => Some(0),
                Edit::Bind { .. } | Edit::SetCredits { .. } | Edit::Remark { .. } => {
                    files.get(edit.name().as_str()).copied()
                }
            };
            match file.and_then(|file| by_file.get_mut(file)) {
                Some(edits) => edits.push(edit),
                None => by_hand.push(ByHand::of(edit)),
            }
        }
        for ((mut editor, source), edits) in editors.into_iter().zip(&mut after).zip(by_file) {
            if !edits.is_empty() {
                by_hand.extend(editor.edit(&edits, &mut meaning));
                source.text = editor.finish();
            }
        }
        let fleet = merge::fleet(&after, Vec::new()).map_err(|_| EditError::refused(edits))?;
        if !is_same(&fleet, meaning.fleet()) {
            return Err(EditError::refused(edits));
        }
        let after = FleetFiles { sources: after, fleet, unread: self.unread.clone() };
        Ok((EditedFiles { before: self.sources.clone(), after }, by_hand))
    }

    /// Returns which file each child is in.
    fn files_by_name(&self) -> HashMap<&str, usize> {
        let files: HashMap<&str, usize> =
            self.sources.iter().enumerate().map(|(index, file)| (&*file.name, index)).collect();
        let children = self.fleet.children.iter();
        children.filter_map(|child| Some((child.name.as_str(), *files.get(&*child.place.as_ref()?.file)?))).collect()
    }
}

impl EditedFiles {
    /// Returns the files as they are to be.
    #[must_use]
    pub fn files(&self) -> &FleetFiles {
        &self.after
    }

    /// Says whether a text differs from what was read.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.changed().next().is_some()
    }

    /// Writes the changed files, each in one step, unless one of them is not on disk as it was read.
    ///
    /// A file keeps its permissions, and a symbolic link stays one. Texts that were given and not read are not written.
    pub fn write(self) -> Result<FleetFiles, EditError> {
        replace::write(self.changed())?;
        let mut after = self.after;
        after.sources.iter_mut().for_each(|source| source.is_new = false);
        Ok(after)
    }

    fn changed(&self) -> impl Iterator<Item = (&Source, &Source)> {
        self.before.iter().zip(&self.after.sources).filter(|(before, after)| before.text != after.text || before.is_new)
    }
}
