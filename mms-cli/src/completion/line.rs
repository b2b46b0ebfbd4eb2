//! The line that is completed: the server and profile that its words choose, and the names that are known of them.

use std::ffi::{OsStr, OsString};
use std::sync::Arc;

use clap::FromArgMatches;
use clap_complete::CompletionCandidate;
use mms_types::Country;

use super::candidates::{Kind, Named, matching};
use super::quoting::Quoting;
use crate::args::GlobalArgs;
use crate::args::help::command_line;
use crate::config::{ConfigFile, NamesPlace};
use crate::output::printer::Printer;
use crate::session::Names;

/// A line of a shell.
#[derive(Debug, Clone)]
pub(super) struct Line {
    global: Option<Arc<GlobalArgs>>,
    quoting: Quoting,
    printer: Printer,
}

impl Line {
    /// Reads the words of a line as they stand there, some of them half typed.
    pub(super) fn read(words: &[OsString], quoting: Quoting, printer: &Printer) -> Self {
        let matches = command_line().ignore_errors(true).try_get_matches_from(words.iter().map(bare));
        let global = matches.ok().and_then(|matches| GlobalArgs::from_arg_matches(&matches).ok()).map(Arc::new);
        Self { global, quoting, printer: printer.clone() }
    }

    /// Returns the names of a kind that begin with a word.
    pub(super) fn candidates(&self, kind: Kind, word: &OsStr) -> Vec<CompletionCandidate> {
        let Some(word) = word.to_str() else { return Vec::new() };
        let found = matching(&self.named(kind), &self.quoting.text(word));
        let candidate = |(text, about): (String, Option<String>)| {
            CompletionCandidate::new(self.quoting.candidate(&text)).help(about.map(Into::into))
        };
        found.into_iter().map(candidate).collect()
    }

    fn named(&self, kind: Kind) -> Vec<Named> {
        if kind == Kind::Profile {
            let profiles = ConfigFile::read().map(|file| file.names()).unwrap_or_default();
            return profiles.into_iter().map(Named::name).collect();
        }
        // What the line chooses may not be there yet: then there is nothing to offer, and nobody to tell.
        let place = self.global.as_ref().and_then(|global| NamesPlace::find(global, &self.printer).ok().flatten());
        let Some(names) = place.map(|place| Names::new(&place)) else { return Vec::new() };
        match kind {
            Kind::Child => names.children().into_iter().map(|(id, name)| Named::name(name).id(id.get())).collect(),
            Kind::Region => {
                names.regions().into_iter().map(|region| Named::name(region.name).id(region.id.get())).collect()
            }
            Kind::Country => {
                let of_country = |country: Country| {
                    let codes = [country.code2, country.code];
                    Named::name(country.name).id(country.id.get()).codes(codes.into_iter().flatten())
                };
                names.countries().into_iter().map(of_country).collect()
            }
            Kind::Profile => Vec::new(),
        }
    }
}

/// Returns a word without the quotes that the line has it in.
fn bare(word: &OsString) -> OsString {
    let words = word.to_str().and_then(shlex::split);
    words.map_or_else(|| word.clone(), |words| words.concat().into())
}
