//! Profiles: named settings in one TOML file.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use toml_edit::{DocumentMut, Item, Table};

use super::environment::{CONFIG_DIR, variable};
use super::key::{DEFAULT_PROFILE, Key};
use crate::output::failure::{Failure, shell};
use crate::output::printer::Printer;

/// Name of the profile that is used where nobody names one.
const DEFAULT: &str = "default";

/// Settings of one profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Profile {
    pub(crate) name: String,
    values: BTreeMap<Key, String>,
}

impl Profile {
    /// Returns the value of a key.
    pub(crate) fn get(&self, key: Key) -> Option<&str> {
        self.values.get(&key).map(String::as_str)
    }
}

/// File of the profiles, with its comments.
#[derive(Debug, Clone)]
pub(crate) struct ConfigFile {
    path: PathBuf,
    document: DocumentMut,
}

impl ConfigFile {
    /// Returns the path of the file: `config.toml` in `MMS_CONFIG_DIR`, or in `mms` in the user's directory for configuration.
    pub(crate) fn path_of() -> Result<PathBuf, Failure> {
        if let Some(directory) = variable(CONFIG_DIR)? {
            return Ok(PathBuf::from(directory).join("config.toml"));
        }
        let strategy = etcetera::choose_base_strategy().map_err(|error| {
            Failure::usage(format!("the user's directory for configuration is unknown: {error}"))
                .hint(format!("name one with {CONFIG_DIR}"))
        })?;
        Ok(strategy.config_dir().join("mms").join("config.toml"))
    }

    /// Reads the file; one that is not there has no profiles. Where there is no home, there is none, either.
    pub(crate) fn read() -> Result<Self, Failure> {
        let Ok(path) = Self::path_of() else {
            return Ok(Self { path: PathBuf::new(), document: DocumentMut::new() });
        };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound || error.kind() == io::ErrorKind::NotADirectory => {
                String::new()
            }
            Err(error) => {
                return Err(Failure::usage(format!("the profiles in {} cannot be read: {error}", path.display())));
            }
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let document = text.parse().map_err(|error: toml_edit::TomlError| {
            let reason = error.message().lines().next().unwrap_or_default();
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
            let place = format!("{}, line {line}, column {column}", path.display());
            Failure::usage(format!("{place}: {reason}")).hint("`mms config edit` opens it")
        })?;
        Ok(Self { path, document })
    }

    /// Returns the path of the file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Warns where others can read the file.
    pub(crate) fn warn_if_open(&self, printer: &Printer) {
        warn_if_open(&self.path, printer);
    }

    /// Returns the names of the profiles.
    pub(crate) fn names(&self) -> Vec<String> {
        let profiles = self.document.get("profiles").and_then(Item::as_table_like);
        profiles.map(|profiles| profiles.iter().map(|(name, _)| name.to_owned()).collect()).unwrap_or_default()
    }

    /// Returns the name of the profile that is used where nobody names one.
    pub(crate) fn default_name(&self) -> &str {
        self.document.get(DEFAULT_PROFILE).and_then(Item::as_str).unwrap_or(DEFAULT)
    }

    /// Says whether the file names that profile.
    pub(crate) fn names_default(&self) -> bool {
        self.document.get(DEFAULT_PROFILE).is_some_and(Item::is_str)
    }

    /// Makes a profile the one that is used where nobody names one.
    pub(crate) fn set_default(&mut self, profile: &str) {
        self.document[DEFAULT_PROFILE] = toml_edit::value(profile);
    }

    /// Removes the name of that profile. Returns whether it was there.
    pub(crate) fn unset_default(&mut self) -> bool {
        self.document.remove(DEFAULT_PROFILE).is_some()
    }

    /// Reads a profile; nothing where there is none of that name.
    pub(crate) fn profile(&self, name: &str) -> Result<Option<Profile>, Failure> {
        let Some(item) = self.document.get("profiles").and_then(|profiles| profiles.get(name)) else { return Ok(None) };
        let place = || format!("{}, profile {name}", self.path.display());
        let Some(table) = item.as_table_like() else {
            return Err(Failure::usage(format!("{}: this is no table", place())));
        };
        let mut values = BTreeMap::new();
        for (word, item) in table.iter() {
            let key = Key::parse(word).map_err(|failure| failure.about(&place()))?;
            let text = match item.as_value() {
                Some(toml_edit::Value::String(text)) => text.value().clone(),
                Some(toml_edit::Value::Integer(number)) => number.value().to_string(),
                Some(toml_edit::Value::Boolean(flag)) => flag.value().to_string(),
                _ => return Err(Failure::usage(format!("{}: {word} is no text, number or true and false", place()))),
            };
            key.check(&text).map_err(|reason| Failure::usage(format!("{}: {word}: {reason}", place())))?;
            values.insert(key, text);
        }
        Ok(Some(Profile { name: name.to_owned(), values }))
    }

    /// Sets a value of a profile, which is made if it is not there.
    pub(crate) fn set(&mut self, profile: &str, key: Key, text: &str) {
        let value = match (text.parse::<i64>(), text) {
            (_, "true") => toml_edit::value(true),
            (_, "false") => toml_edit::value(false),
            (Ok(number), _) if key.is_number() => toml_edit::value(number),
            _ => toml_edit::value(text),
        };
        let profiles = self.document.entry("profiles").or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        profiles[profile].or_insert(Item::Table(Table::new()))[key.name()] = value;
    }

    /// Makes a profile the one that is used where nobody names one, if there is none yet.
    pub(crate) fn make_default_if_first(&mut self, profile: &str) {
        let is_used = profile == self.default_name();
        if !is_used && !self.names().iter().any(|name| name == self.default_name()) {
            self.set_default(profile);
        }
    }

    /// Forgets what a profile says of its server, its distributor and its token, before a login says it anew.
    pub(crate) fn begin_login(&mut self, profile: &str) {
        for key in [
            Key::Sandbox,
            Key::SandboxFile,
            Key::BaseUrl,
            Key::Zone,
            Key::AllowHttp,
            Key::OrganizationId,
            Key::TokenCommand,
            Key::TokenFile,
            Key::TokenStore,
        ] {
            self.unset(profile, key);
        }
    }

    /// Removes a value of a profile. Returns whether it was there.
    pub(crate) fn unset(&mut self, profile: &str, key: Key) -> bool {
        let profiles = self.document.get_mut("profiles");
        let table = profiles.and_then(|profiles| profiles.get_mut(profile)).and_then(Item::as_table_like_mut);
        table.is_some_and(|table| table.remove(key.name()).is_some())
    }

    /// Writes the file, for its owner alone, in one step.
    pub(crate) fn write(&self) -> Result<(), Failure> {
        let failed = |error: io::Error| {
            Failure::failed(format!("{} cannot be written: {error}", self.path.display()))
                .hint(format!("name another directory with {CONFIG_DIR}"))
        };
        write_private(&self.path, self.document.to_string().as_bytes()).map_err(failed)
    }
}

/// Warns where others can read a file, or write it.
#[cfg(unix)]
pub(super) fn warn_if_open(path: &Path, printer: &Printer) {
    use std::os::unix::fs::PermissionsExt;

    let Ok(metadata) = fs::metadata(path) else { return };
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let file = path.display().to_string();
        printer.warn(&format!("{file} is open to other users: mode {mode:04o}; chmod 600 {}", shell::word(&file)));
    }
}

#[cfg(not(unix))]
pub(super) fn warn_if_open(_: &Path, _: &Printer) {}

/// Writes a file that its owner alone can read, in one step. The directories to it are made.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(directory)?;
    let draft = path.with_extension(format!("draft-{}", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&draft).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    let moved = written.and_then(|()| fs::rename(&draft, path));
    if moved.is_err() {
        drop(fs::remove_file(&draft));
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> ConfigFile {
        ConfigFile { path: "config.toml".into(), document: text.parse().unwrap() }
    }

    #[test]
    fn a_profile_is_read_with_its_values() {
        let file =
            file("[profiles.live]\nzone = \"eu1.make.com\"\norganization_id = 11\n[profiles.test]\nsandbox = true\n");

        assert_eq!(file.names(), ["live", "test"]);
        let live = file.profile("live").unwrap().unwrap();
        assert_eq!((live.get(Key::Zone), live.get(Key::OrganizationId)), (Some("eu1.make.com"), Some("11")));
        assert_eq!(file.profile("test").unwrap().unwrap().get(Key::Sandbox), Some("true"));
        assert_eq!(file.profile("other").unwrap(), None);
    }

    #[test]
    fn an_unknown_key_or_a_value_that_cannot_be_is_named_with_its_place() {
        let message = |text| file(text).profile("live").unwrap_err().message().to_owned();

        assert_eq!(
            message("[profiles.live]\nzoen = \"x\"\n"),
            r#"config.toml, profile live: there is no setting "zoen""#
        );
        assert!(
            message("[profiles.live]\norganization_id = \"x\"\n")
                .starts_with("config.toml, profile live: organization_id: ")
        );
        assert!(message("[profiles.live]\nzone = [1]\n").ends_with("zone is no text, number or true and false"));
    }

    #[test]
    fn comments_outlive_a_change() {
        let mut file = file("# ours\n[profiles.live]\nzone = \"eu1.make.com\" # Frankfurt\n");

        file.set("live", Key::OrganizationId, "11");
        file.set("test", Key::Sandbox, "true");
        assert!(file.unset("live", Key::Zone) && !file.unset("live", Key::Zone));
        file.set("live", Key::Zone, "us1.make.com");

        let text = file.document.to_string();
        assert!(text.starts_with("# ours\n[profiles.live]\norganization_id = 11\n"), "{text}");
        assert!(text.contains("[profiles.test]\nsandbox = true\n"), "{text}");
    }
}
