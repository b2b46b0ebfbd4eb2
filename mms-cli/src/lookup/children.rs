//! Children of a distributor as its list shows them, and whether the list is known to be whole.

use std::collections::BTreeSet;

use mms_client::Look;
use mms_types::{ChildOrganization, NameKey, OrganizationId};

use super::named::NO_NAME;
use super::resolve::{ambiguous, matches, part_alone, part_of, resolve};
use crate::invocation::Invocation;
use crate::output::failure::Failure;
use crate::output::printer::Printer;

/// Warning of a list that may be cut: its last page was full and the next one added nothing, or it named no limit.
const MAY_BE_CUT: &str = "the server's list of children may be cut, since no page proves to be the last";

/// Most odd rows that a warning names.
const MOST_INCOMPLETE: usize = 5;

/// Returns the name of a child as it is shown.
pub(crate) fn name_of(child: &ChildOrganization) -> &str {
    child.organization_name.as_deref().unwrap_or(NO_NAME)
}

/// Every child that the server listed.
#[derive(Debug)]
pub(crate) struct Children {
    /// The children that the server lists, and behind them those that this machine created and the server does not list yet.
    all: Vec<ChildOrganization>,
    /// How many of them are listed.
    number_listed: usize,
    /// Whether the list is known to have them all, so that what is not in it does not exist.
    is_whole: bool,
}

impl From<&Look> for Children {
    fn from(look: &Look) -> Self {
        Self::new(look.children().to_vec(), look.is_complete())
    }
}

impl Children {
    /// Takes a list, and whether the server proved that it is whole.
    pub(crate) fn new(listed: Vec<ChildOrganization>, is_whole: bool) -> Self {
        let number_listed = listed.len();
        Self { all: listed, number_listed, is_whole }
    }

    /// Adds the children that this machine created a moment ago, as far as they are not listed. Returns those.
    pub(crate) fn add_created(&mut self, created: impl IntoIterator<Item = ChildOrganization>) -> &[ChildOrganization] {
        for child in created {
            if !self.all.iter().any(|known| known.organization_id == child.organization_id) {
                self.all.push(child);
            }
        }
        &self.all[self.number_listed..]
    }

    /// Takes an allocation over that was set a moment ago, if the list shows what the child had before. Returns the child's name then.
    pub(crate) fn take_over(&mut self, id: OrganizationId, before: i64, now: i64) -> Option<&str> {
        let listed = &mut self.all[..self.number_listed];
        let is_older = |child: &&mut ChildOrganization| {
            child.organization_id == id && child.operations_allocated == Some(before) && before != now
        };
        let child = listed.iter_mut().find(is_older)?;
        child.operations_allocated = Some(now);
        Some(name_of(child))
    }

    fn listed(&self) -> &[ChildOrganization] {
        &self.all[..self.number_listed]
    }

    /// Returns the children in the server's order, and behind them those that it does not list yet.
    pub(crate) fn into_all(self) -> Vec<ChildOrganization> {
        self.all
    }

    /// Says whether the server proved that these are all.
    pub(crate) const fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Warns where there may be more children than the list has.
    pub(crate) fn warn_if_cut(&self, printer: &Printer) {
        if !self.is_whole {
            printer.warn(MAY_BE_CUT);
        }
    }

    /// Warns of children that the server lists without their name or their allocation.
    pub(crate) fn warn_if_incomplete(&self, printer: &Printer) {
        let is_odd = |child: &&ChildOrganization| child.is_incomplete();
        let odd: Vec<_> = self.listed().iter().filter(is_odd).collect();
        if odd.is_empty() {
            return;
        }
        let what = |child: &ChildOrganization| match (&child.organization_name, child.operations_allocated) {
            (None, None) => "neither name nor allocation",
            (None, Some(_)) => "no name",
            (Some(_), _) => "no allocation",
        };
        let few =
            odd.iter().take(MOST_INCOMPLETE).map(|child| format!("{} has {}", child.organization_id, what(child)));
        let (few, more) = (few.collect::<Vec<_>>().join(", "), odd.len().saturating_sub(MOST_INCOMPLETE));
        let more = if more == 0 { String::new() } else { format!(", and {more} more are like that") };
        printer.warn(&format!("the server's list has incomplete rows, which are taken as they are: {few}{more}"));
    }

    /// Finds the child that a text means; see [`resolve`]. What a list that may be cut lacks is not called unknown.
    pub(crate) fn find(&self, text: &str, invocation: &Invocation) -> Result<&ChildOrganization, Failure> {
        if self.is_whole || !matches(text, &self.all).is_empty() {
            return resolve(text, &self.all, invocation);
        }
        let failure = Failure::failed(format!("child organization {text:?} is not listed: {MAY_BE_CUT}"));
        let list = invocation.command("child list");
        Err(failure.hint(format!("{list} shows what is listed: name the child by its id, like id:123, if it is there")))
    }

    /// Finds the child that a text means, for a command that only reads: the beginning of its name will do, or a part of it, if no
    /// other child's name has it.
    pub(crate) fn find_to_read(&self, text: &str, invocation: &Invocation) -> Result<&ChildOrganization, Failure> {
        if !matches(text, &self.all).is_empty() {
            return resolve(text, &self.all, invocation);
        }
        match part_of(text, &self.all).as_slice() {
            [] => self.find(text, invocation),
            [child] => Ok(child),
            several => Err(ambiguous(text, several)),
        }
    }

    /// Finds the child that a text means, for a write: where the list may be cut another child may have the same name, so that
    /// only an id will do. A bare number that is an id is taken for one.
    pub(crate) fn find_for_write(&self, text: &str, invocation: &Invocation) -> Result<&ChildOrganization, Failure> {
        if self.is_whole && matches(text, &self.all).is_empty() {
            let having = part_of(text, &self.all);
            if !having.is_empty() {
                return Err(part_alone(text, &having, invocation));
            }
        }
        let child = self.find(text, invocation)?;
        let id = child.organization_id;
        if self.is_whole || Self::is_id(text, id) {
            return Ok(child);
        }
        Err(Failure::failed(format!("child organization {text:?} may not be the only one of that name: {MAY_BE_CUT}"))
            .hint(format!("name the child by its id: id:{id} if {id} {:?} is meant", name_of(child))))
    }

    /// Says whether a text names a child by its id.
    pub(crate) fn is_id(text: &str, id: OrganizationId) -> bool {
        text.strip_prefix("id:").unwrap_or(text) == id.to_string()
    }

    /// Refuses a name that reads the same as a child's.
    pub(crate) fn refuse_duplicate(&self, name: &str) -> Result<(), Failure> {
        if let Some(child) = self.of_name(name) {
            let exists = format!("a child organization named {:?} exists: {}", name_of(child), child.organization_id);
            return Err(Failure::exists(exists).hint(
                "choose another name; --if-absent is content with the one that is there, --allow-duplicate-name creates a second one",
            ));
        }
        Ok(())
    }

    /// Returns the listed child whose name reads the same.
    pub(crate) fn of_name(&self, name: &str) -> Option<&ChildOrganization> {
        let key = Some(NameKey::new(name));
        self.listed().iter().find(|child| child.name_key() == key)
    }

    /// Returns all of them, in the server's order.
    pub(crate) fn all(&self) -> &[ChildOrganization] {
        &self.all
    }

    /// Refuses a list that may be cut: a create that got no usable answer could not be found again.
    pub(crate) fn refuse_cut(&self, invocation: &Invocation) -> Result<(), Failure> {
        if self.is_whole {
            return Ok(());
        }
        let list = invocation.command("child list");
        Err(Failure::failed(format!(
            "{MAY_BE_CUT}: nothing was sent, for the child could not be told from others if no usable answer comes"
        ))
        .hint(format!("create it in Make itself, after you looked at {list}; no flag of this command lifts that")))
    }

    /// Says whether a child is listed.
    pub(crate) fn has(&self, id: OrganizationId) -> bool {
        self.listed().iter().any(|child| child.organization_id == id)
    }

    /// Returns the children that were not there before.
    pub(crate) fn new_since(&self, before: &BTreeSet<OrganizationId>) -> impl Iterator<Item = &ChildOrganization> {
        self.listed().iter().filter(|child| !before.contains(&child.organization_id))
    }
}

#[cfg(test)]
mod tests {
    use mms_types::samples;

    use super::*;

    fn children(name: &str, is_whole: bool) -> Children {
        Children::new(vec![samples::child(101, name, 0)], is_whole)
    }

    #[test]
    fn a_name_that_reads_the_same_is_a_duplicate() {
        let whole = children("Acme Bakery", true);

        for name in [
            "Acme Bakery",
            "acme bakery",
            "Acme\u{a0}Bakery",
            "ACME \u{2009}  Bakery",
            "Ac\u{ad}me Bakery",
            "Ａｃｍｅ Bakery",
            "Acme\u{200d} Bakery",
        ] {
            let failure = whole.refuse_duplicate(name).unwrap_err();
            assert_eq!(failure.message(), r#"a child organization named "Acme Bakery" exists: 101"#, "{name:?}");
        }
        for name in ["AcmeBakery", "Acme Bakeries"] {
            assert!(whole.refuse_duplicate(name).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn a_list_that_may_be_cut_proves_what_it_has_and_not_what_it_lacks() {
        let cut = children("Acme", false);
        let message = |failure: Failure| failure.message().to_owned();

        assert!(message(cut.refuse_duplicate("ACME").unwrap_err()).contains(" exists: 101"));
        assert!(cut.refuse_duplicate("Bakery").is_ok() && cut.refuse_cut(&Invocation::default()).is_err());
        for text in ["101", "id:101", "Acme", "name:acme"] {
            assert!(cut.find(text, &Invocation::default()).is_ok(), "{text}");
        }
        for text in ["102", "id:102", "Bakery"] {
            let message = message(cut.find(text, &Invocation::default()).unwrap_err());
            assert!(message.contains(" is not listed: the server's list of children may be cut"), "{message}");
        }
    }

    #[test]
    fn a_write_takes_a_name_from_a_whole_list_alone() {
        let (cut, whole) = (children("Acme", false), children("Acme", true));

        for text in ["Acme", "acme", "name:Acme"] {
            assert!(whole.find_for_write(text, &Invocation::default()).is_ok(), "{text}");
            let failure = cut.find_for_write(text, &Invocation::default()).unwrap_err();
            assert_eq!(failure.hint_line(), Some(r#"name the child by its id: id:101 if 101 "Acme" is meant"#));
        }
        for text in ["101", "id:101"] {
            assert!(cut.find_for_write(text, &Invocation::default()).is_ok(), "{text}");
        }
        assert!(children("101", false).find_for_write("name:101", &Invocation::default()).is_err());
    }
}
