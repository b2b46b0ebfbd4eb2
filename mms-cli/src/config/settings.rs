//! Settings of a command: flag, explicit profile, environment, profile of the environment or default profile, default.

use std::cell::RefCell;
use std::fmt;

use super::environment::{PROFILE, variable};
use super::key::{DEFAULT_PROFILE, Key};
use super::profile::{ConfigFile, Profile};
use crate::args::GlobalArgs;
use crate::output::failure::{Failure, shell};
use crate::output::printer::Printer;

/// Where a value comes from. What stands further up counts first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A flag.
    Flag(&'static str),
    /// The profile that `--profile` names.
    ExplicitProfile(String),
    /// A variable of the environment.
    Environment(&'static str),
    /// The profile that `MMS_PROFILE` names, or the default one.
    Profile(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Environment(name) => formatter.write_str(name),
            Self::ExplicitProfile(name) | Self::Profile(name) => write!(formatter, "the profile {name}"),
        }
    }
}

/// A value with its key and its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) key: Key,
    pub(crate) text: String,
    pub(crate) origin: Origin,
}

impl Found {
    /// Says whether a flag says it.
    pub(crate) const fn is_flag(&self) -> bool {
        matches!(self.origin, Origin::Flag(_))
    }
}

/// What flags, profile and environment say.
#[derive(Debug)]
pub(crate) struct Settings {
    flags: Vec<(Key, String)>,
    profile: Option<Profile>,
    /// Whether `--profile` names it, so that it goes before the environment.
    is_explicit: bool,
    /// The keys whose value of the environment was told to go before the profile's.
    told: RefCell<Vec<Key>>,
}

impl Settings {
    /// Reads the profile that is meant, or has none where it is not there yet.
    pub(crate) fn read_or_new(arguments: &GlobalArgs, printer: &Printer) -> Result<Self, Failure> {
        let file = ConfigFile::read()?;
        file.warn_if_open(printer);
        Self::of_file(arguments, &file)
    }

    /// Takes the profile that is meant, or has none where it is not there, without a word about it.
    pub(super) fn of_file(arguments: &GlobalArgs, file: &ConfigFile) -> Result<Self, Failure> {
        let name = Self::profile_name(arguments, file)?;
        let (profile, is_explicit) = (file.profile(&name)?, arguments.profile.is_some());
        Ok(Self { flags: arguments.settings(), profile, is_explicit, told: RefCell::default() })
    }

    /// Returns the name of the profile that is meant, which need not be there.
    pub(crate) fn profile_name(arguments: &GlobalArgs, file: &ConfigFile) -> Result<String, Failure> {
        Ok(named_profile(arguments, file)?.0)
    }

    /// Refuses a profile that something names and that is not there.
    pub(crate) fn refuse_unknown_profile(arguments: &GlobalArgs, file: &ConfigFile) -> Result<(), Failure> {
        match named_profile(arguments, file)? {
            (name, Some(source)) if file.profile(&name)?.is_none() => Err(unknown_profile(&name, file, source)),
            _ => Ok(()),
        }
    }

    /// Reads the profile that is meant.
    pub(crate) fn read(arguments: &GlobalArgs, printer: &Printer) -> Result<Self, Failure> {
        let file = ConfigFile::read()?;
        Self::refuse_unknown_profile(arguments, &file)?;
        let settings = Self::of_file(arguments, &file)?;
        if settings.profile.is_some() {
            file.warn_if_open(printer);
        }
        Ok(settings)
    }

    /// Returns the profile.
    pub(crate) const fn profile(&self) -> Option<&Profile> {
        self.profile.as_ref()
    }

    /// Finds what is said first of any of these keys; of those that are said at the same place the one that stands first here.
    pub(crate) fn find(&self, keys: &[Key]) -> Result<Option<Found>, Failure> {
        for level in LEVELS {
            for key in keys {
                if let Some(found) = self.at(level, *key)? {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    /// Says where a value comes from, and what goes before it where another key of its group counts in its place.
    pub(crate) fn origin_among(&self, found: &Found, groups: &[&[Key]]) -> Result<String, Failure> {
        let origin = &found.origin;
        let Some(group) = groups.iter().find(|group| group.contains(&found.key)) else { return Ok(origin.to_string()) };
        Ok(match self.find(group)? {
            Some(first) if first.key == found.key || first.text == "false" => origin.to_string(),
            Some(first) if first.origin == *origin => {
                format!("{origin}, not used: {} goes before it", first.key.name())
            }
            Some(first) => format!("{origin}, not used: {} goes before it", first.origin),
            None => origin.to_string(),
        })
    }

    /// Finds the value of one key.
    pub(crate) fn get(&self, key: Key) -> Result<Option<Found>, Failure> {
        self.find(&[key])
    }

    /// Says whether something is said to be so.
    pub(crate) fn is(&self, key: Key) -> Result<bool, Failure> {
        Ok(self.get(key)?.is_some_and(|found| found.text == "true"))
    }

    /// Tells, once, where the environment goes before the profile that is used, which says something else.
    pub(crate) fn tell_of_override(&self, found: &Found, keys: &[Key], printer: &Printer) -> Result<(), Failure> {
        if !self.told.borrow().contains(&found.key)
            && let Some(overridden) = self.overridden(found, keys)?
        {
            self.told.borrow_mut().push(found.key);
            printer.note(&format!("{overridden}: --profile puts the profile first."));
        }
        Ok(())
    }

    /// Says in words where a value of the environment goes before the profile that is used, which says something else.
    pub(crate) fn overridden(&self, found: &Found, keys: &[Key]) -> Result<Option<String>, Failure> {
        let Origin::Environment(variable) = found.origin else { return Ok(None) };
        for key in keys {
            if let Some(Found { text, origin, .. }) = self.at(Level::Profile, *key)?
                && (*key, &text) != (found.key, &found.text)
            {
                let says =
                    if *key == Key::TokenStore { "has a token of its own".to_owned() } else { format!("says {text}") };
                return Ok(Some(format!("{variable} of the environment goes before {origin}, which {says}")));
            }
        }
        Ok(None)
    }

    fn at(&self, level: Level, key: Key) -> Result<Option<Found>, Failure> {
        let of_profile = || {
            let profile = self.profile.as_ref()?;
            Some((profile.get(key)?.to_owned(), profile.name.clone()))
        };
        let found = |text, origin| Some(Found { key, text, origin });
        Ok(match level {
            Level::Flag => {
                let flag = self.flags.iter().find(|(flag, _)| *flag == key);
                flag.and_then(|(_, text)| found(text.clone(), Origin::Flag(key.flag()?)))
            }
            Level::Explicit if self.is_explicit => {
                of_profile().and_then(|(text, name)| found(text, Origin::ExplicitProfile(name)))
            }
            Level::Environment => match key.variable() {
                Some(name) => variable(name)?.and_then(|text| found(text, Origin::Environment(name))),
                None => None,
            },
            Level::Profile if !self.is_explicit => {
                of_profile().and_then(|(text, name)| found(text, Origin::Profile(name)))
            }
            Level::Explicit | Level::Profile => None,
        })
    }
}

/// Place where a value can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Flag,
    Explicit,
    Environment,
    Profile,
}

/// The places, in the order in which they count.
const LEVELS: [Level; 4] = [Level::Flag, Level::Explicit, Level::Environment, Level::Profile];

/// Returns the name of the profile that is meant, and what names it; nothing does where it is called as it is by default.
fn named_profile(arguments: &GlobalArgs, file: &ConfigFile) -> Result<(String, Option<&'static str>), Failure> {
    if let Some(name) = &arguments.profile {
        return Ok((name.clone(), Some("--profile")));
    }
    if let Some(name) = variable(PROFILE)? {
        return Ok((name, Some(PROFILE)));
    }
    Ok((file.default_name().to_owned(), file.names_default().then_some(DEFAULT_PROFILE)))
}

/// Makes the failure of a profile that is not there. `source` names it.
pub(crate) fn unknown_profile(name: &str, file: &ConfigFile, source: &str) -> Failure {
    let names = file.names();
    let mut ways = Vec::new();
    if !names.is_empty() {
        ways.push(format!("the profiles are {}", names.join(", ")));
    }
    if source == DEFAULT_PROFILE && !names.is_empty() {
        ways.push(format!("`mms config set {DEFAULT_PROFILE} NAME` names another"));
    }
    ways.push(format!("`mms auth login --profile {}` makes it", shell::word(name)));
    Failure::usage(format!("{source}: there is no profile {name:?} in {}", file.path().display())).hint(ways.join("; "))
}
