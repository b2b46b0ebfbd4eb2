//! Candidates: names that begin with what is typed.

use clap::Arg;
use mms_types::is_invisible;

/// Kind of thing that an argument names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Profile,
    Child,
    Region,
    Country,
}

impl Kind {
    /// Returns what an argument names, by its name and that of its value.
    pub(super) fn of(argument: &Arg) -> Option<Self> {
        let value = argument.get_value_names().and_then(|names| names.first()).map(clap::builder::Str::as_str);
        match (argument.get_id().as_str(), value) {
            ("profile", _) => Some(Self::Profile),
            ("region", _) => Some(Self::Region),
            ("country", _) => Some(Self::Country),
            (_, Some("ID|NAME" | "CHILD CREDITS" | "FROM" | "TO" | "CHILD")) => Some(Self::Child),
            _ => None,
        }
    }
}

/// Something that can be named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    name: String,
    id: Option<u64>,
    codes: Vec<String>,
}

impl Named {
    /// Takes what has a name and nothing else.
    pub(super) const fn name(name: String) -> Self {
        Self { name, id: None, codes: Vec::new() }
    }

    /// Adds the id.
    pub(super) const fn id(mut self, id: u64) -> Self {
        self.id = Some(id);
        self
    }

    /// Adds codes that stand for the name.
    pub(super) fn codes(mut self, codes: impl IntoIterator<Item = String>) -> Self {
        self.codes.extend(codes);
        self
    }

    /// Returns the name as a line can have it: with `name:` before it where it would be taken for a flag or an id. Nothing where it
    /// has a character that steers a terminal or hides in it.
    fn spelled(&self) -> Option<String> {
        let is_other = self.id.is_some() && (self.name.starts_with('-') || self.name.parse::<u64>().is_ok());
        let is_clean = !self.name.chars().any(is_invisible);
        is_clean.then(|| if is_other { format!("name:{}", self.name) } else { self.name.clone() })
    }

    /// Returns the texts that begin with a word, each with what it stands for: the name, or the id or a code for who types one.
    fn beginning_with(&self, word: &str) -> Vec<(String, Option<String>)> {
        let begins = |text: &str| text.to_lowercase().starts_with(&word.to_lowercase());
        let id = self.id.map(|id| id.to_string());
        let name = self.spelled();
        if let Some(name) = name.clone().filter(|name| begins(&self.name) || begins(name)) {
            return vec![(name, id)];
        }
        let others = id.iter().chain(&self.codes).filter(|text| begins(text));
        others.map(|text| (text.clone(), name.clone())).collect()
    }
}

/// Returns the texts that begin with a word, in the order of the names, each with what it stands for.
pub(super) fn matching(named: &[Named], word: &str) -> Vec<(String, Option<String>)> {
    let mut found: Vec<_> = named.iter().flat_map(|named| named.beginning_with(word)).collect();
    found.sort_by(|(one, _), (other, _)| alphanumeric_sort::compare_str(one, other));
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use clap::Command;

    use super::*;
    use crate::args::help::command_line;

    fn texts(named: &[Named], word: &str) -> Vec<String> {
        matching(named, word).into_iter().map(|(text, _)| text).collect()
    }

    #[test]
    fn a_name_is_offered_by_its_beginning_in_any_case_and_in_natural_order() {
        let named = ["Client 10", "Client 9", "Other"].map(|name| Named::name(name.to_owned()));
        assert_eq!(texts(&named, "client"), ["Client 9", "Client 10"]);
        assert_eq!(texts(&named, ""), ["Client 9", "Client 10", "Other"]);
        assert!(texts(&named, "Clients").is_empty());
    }

    #[test]
    fn an_id_or_a_code_is_offered_to_who_types_one() {
        let named = [Named::name("Czechia".to_owned()).id(57).codes(["cz".to_owned(), "CZE".to_owned()])];
        assert_eq!(matching(&named, "5"), [("57".to_owned(), Some("Czechia".to_owned()))]);
        assert_eq!(texts(&named, "cz"), ["Czechia"]);
        assert_eq!(texts(&[Named::name("Spain".to_owned()).codes(["es".to_owned()])], "E"), ["es"]);
    }

    #[test]
    fn a_name_that_would_be_taken_for_a_flag_or_an_id_says_that_it_is_a_name() {
        let named = ["--yes", "5000", "5 Star"].map(|name| Named::name(name.to_owned()).id(101));
        assert_eq!(texts(&named, ""), ["5 Star", "name:--yes", "name:5000"]);
        assert_eq!(
            (texts(&named, "50"), texts(&named, "name:-")),
            (vec!["name:5000".into()], vec!["name:--yes".into()])
        );
        assert_eq!(texts(&[Named::name("7".to_owned())], ""), ["7"], "a profile has no id");
    }

    #[test]
    fn a_name_that_steers_a_terminal_is_offered_by_its_id() {
        for name in ["a\nb", "\u{1b}[31mred", "a\u{202e}b"] {
            assert_eq!(matching(&[Named::name(name.to_owned()).id(101)], ""), [("101".to_owned(), None)]);
        }
    }

    #[test]
    fn every_argument_that_names_a_child_is_known_as_one() {
        fn of_kind(command: &Command, kind: Kind, path: &str) -> Vec<String> {
            let own = command.get_arguments().filter(|argument| Kind::of(argument) == Some(kind));
            let own = own.map(|argument| format!("{path} {}", argument.get_id())).collect::<Vec<_>>();
            let below = command
                .get_subcommands()
                .flat_map(|below| of_kind(below, kind, &format!("{path} {}", below.get_name())));
            own.into_iter().chain(below).collect()
        }
        assert_eq!(
            of_kind(&command_line(), Kind::Child, "mms"),
            [
                "mms child show children",
                "mms child allocate words",
                "mms child retire children",
                "mms child settle child",
                "mms credits move from",
                "mms credits move to",
                "mms log child",
                "mms open child",
            ]
        );
    }
}
