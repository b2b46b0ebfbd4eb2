//! `mms config`: the settings, where each comes from, and the file of the profiles.

use std::process::Command;

use serde::Serialize;

use crate::args::{ConfigCommand, GlobalArgs};
use crate::config::{
    ConfigFile, DEFAULT_PROFILE, Key, SERVER_KEYS, Settings, TOKEN_KEYS, is_default_profile, unknown_profile,
};
use crate::output::data::{Column, Record};
use crate::output::failure::{Failure, shell};
use crate::output::printer::Printer;

/// A setting with its value, and where it comes from.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownSetting {
    setting: &'static str,
    /// Null where nobody says it.
    value: Option<String>,
    origin: String,
}

impl Record for ShownSetting {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("SETTING", "setting", |row| row.setting.into()),
        Column::new("VALUE", "value", |row| row.value.as_ref().into()),
        Column::new("ORIGIN", "origin", |row| (&row.origin).into()),
    ];
}

/// A profile.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownProfile {
    profile: String,
    /// The zone, the root of the API or `sandbox`; null where it says none.
    api: Option<String>,
    organization_id: Option<String>,
    /// Whether it is used where nobody names one.
    is_default: bool,
}

impl Record for ShownProfile {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("PROFILE", "profile", |row| (&row.profile).into()),
        Column::new("API", "api", |row| row.api.as_ref().into()),
        Column::new("ORGANIZATION", "organizationId", |row| row.organization_id.as_ref().into()),
        Column::new("DEFAULT", "isDefault", |row| if row.is_default { "yes" } else { "no" }.into()),
    ];
}

/// Runs a command about the settings.
pub(in crate::command) fn run(command: &ConfigCommand, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    match command {
        ConfigCommand::Show { origin } => show(*origin, global, printer),
        ConfigCommand::Set { key, value } if is_default_profile(key) => set_default_profile(value, printer),
        ConfigCommand::Unset { key } if is_default_profile(key) => unset_default_profile(printer),
        ConfigCommand::Set { key, value } => {
            let key = Key::parse(key)?;
            key.check(value).map_err(|reason| Failure::usage(format!("{}: {reason}", key.name())))?;
            change(global, printer, |file, profile| {
                file.set(profile, key, value);
                file.make_default_if_first(profile);
                format!("{} is {value} in the profile {profile}.", key.name())
            })
        }
        ConfigCommand::Unset { key } => {
            let key = Key::parse(key)?;
            change(global, printer, |file, profile| {
                let was = if file.unset(profile, key) { "is no longer" } else { "was not" };
                format!("{} {was} set in the profile {profile}.", key.name())
            })
        }
        ConfigCommand::Path => printer.raw(&format!("{}\n", ConfigFile::path_of()?.display())),
        ConfigCommand::Edit => edit(printer),
        ConfigCommand::Profiles => profiles(printer),
    }
}

/// Shows what counts. A token is named by its place and never shown.
fn show(with_origin: bool, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    printer.check_columns::<ShownSetting>()?;
    let settings = Settings::read(global, printer)?;
    let mut rows = Vec::new();
    for key in Key::ALL {
        let found = settings.get(key)?;
        if found.is_none() && !with_origin {
            continue;
        }
        let origin = match &found {
            Some(found) => settings.origin_among(found, &[&SERVER_KEYS, &TOKEN_KEYS])?,
            None => "nobody".to_owned(),
        };
        let value = found.map(|found| if key == Key::Token { "********".to_owned() } else { found.text });
        rows.push(ShownSetting { setting: key.name(), value, origin });
    }
    printer.list(&rows)
}

fn change(
    global: &GlobalArgs,
    printer: &Printer,
    change: impl FnOnce(&mut ConfigFile, &str) -> String,
) -> Result<(), Failure> {
    let mut file = ConfigFile::read()?;
    let profile = Settings::profile_name(global, &file)?;
    let done = change(&mut file, &profile);
    file.write()?;
    printer.note(&done);
    Ok(())
}

fn set_default_profile(name: &str, printer: &Printer) -> Result<(), Failure> {
    let mut file = ConfigFile::read()?;
    if file.profile(name)?.is_none() {
        return Err(unknown_profile(name, &file, DEFAULT_PROFILE));
    }
    file.set_default(name);
    file.write()?;
    printer.note(&format!("{DEFAULT_PROFILE} is {name}."));
    Ok(())
}

fn unset_default_profile(printer: &Printer) -> Result<(), Failure> {
    let mut file = ConfigFile::read()?;
    let was = if file.unset_default() { "is no longer" } else { "was not" };
    file.write()?;
    printer.note(&format!("{DEFAULT_PROFILE} {was} set: the profile {} is used.", file.default_name()));
    Ok(())
}

fn edit(printer: &Printer) -> Result<(), Failure> {
    let file = ConfigFile::read();
    let path = ConfigFile::path_of()?;
    if let Ok(file) = file
        && !path.exists()
    {
        file.write()?;
    }
    let editor =
        ["VISUAL", "EDITOR"].into_iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    let Some(editor) = editor else {
        return Err(
            Failure::usage("no editor is named").hint(format!("set EDITOR, or open {} yourself", path.display()))
        );
    };
    let line = format!("{editor} {}", shell::word(&path.display().to_string()));
    let status = Command::new("sh").args(["-c", &line]).status();
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => return Err(Failure::failed(format!("the editor {editor} ended with {status}"))),
        Err(error) => return Err(Failure::failed(format!("the editor {editor} cannot be run: {error}"))),
    }
    let file = ConfigFile::read()?;
    for name in file.names() {
        file.profile(&name)?;
    }
    printer.note(&format!("{} reads well.", path.display()));
    Ok(())
}

fn profiles(printer: &Printer) -> Result<(), Failure> {
    printer.check_columns::<ShownProfile>()?;
    let file = ConfigFile::read()?;
    let mut rows = Vec::new();
    for name in file.names() {
        let profile = file.profile(&name)?.unwrap_or_default();
        let sandbox = (profile.get(Key::Sandbox) == Some("true")).then_some("sandbox");
        let api = sandbox.or_else(|| profile.get(Key::BaseUrl)).or_else(|| profile.get(Key::Zone)).map(str::to_owned);
        let is_default = name == file.default_name();
        let organization_id = profile.get(Key::OrganizationId).map(str::to_owned);
        rows.push(ShownProfile { profile: name, api, organization_id, is_default });
    }
    printer.list(&rows)
}
