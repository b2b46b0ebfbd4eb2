//! `mms auth` and `mms config`: who commands speak as, to whom, and where that is kept.

mod answers;
mod login;
mod new_profile;
mod settings;
mod whoami;

#[cfg(test)]
pub(super) use login::LoggedIn;
pub(super) use settings::run as run_config;
#[cfg(test)]
pub(super) use settings::{ShownProfile, ShownSetting};
#[cfg(test)]
pub(super) use whoami::TokenStatus;
pub(super) use whoami::{MissingScope, missing_scopes};

use crate::args::{AuthCommand, GlobalArgs};
use crate::config::{ConfigFile, Key, Setting, Settings, TokenSource, TokenStore, TokenStores, missing};
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::output::questions::Confirmation;
use crate::session::Session;

/// Runs a command about the account.
pub(super) async fn run(command: &AuthCommand, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    match command {
        AuthCommand::Login(arguments) => login::login(arguments, global, printer).await,
        AuthCommand::Status => Session::without_distributor(global, printer, "auth status", whoami::show).await,
        AuthCommand::Logout => logout(global, printer).await,
        AuthCommand::Token => token(global, printer).await,
    }
}

/// Forgets the token of the profile. Its other settings stay.
async fn logout(global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    let mut file = ConfigFile::read()?;
    let name = Settings::profile_name(global, &file)?;
    let store = TokenStores::store_of(&file, &name)?.unwrap_or(TokenStore::File);
    let was_kept = TokenStores::of_user()?.forget(store, &name, |text| printer.note(text)).await?;
    if !was_kept {
        Settings::refuse_unknown_profile(global, &file)?;
    }
    if file.unset(&name, Key::TokenStore) {
        file.write()?;
    }
    printer.note(&if was_kept {
        format!("The token of the profile {name} is forgotten here. Make knows it still: revoke it there.")
    } else {
        format!("No token is kept for the profile {name}.")
    });
    Ok(())
}

/// Prints the token for a script.
async fn token(global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    let settings = Settings::read(global, printer)?;
    let Some(source) = TokenSource::find(&settings, printer)? else {
        let server = settings.find(&[Key::Sandbox, Key::BaseUrl, Key::Zone])?;
        return Err(match server.filter(|found| found.key == Key::Sandbox && found.text != "false") {
            Some(found) => Failure::usage(format!("{} is a sandbox, whose commands need no token", found.origin))
                .hint("`mms sandbox serve` prints the token of a sandbox, for other programs"),
            None => missing(&[Setting::Token], &global.invocation()),
        });
    };
    if printer.is_terminal() {
        let confirmation = Confirmation::new(global.yes)?;
        confirmation.confirm(printer, "Show the token on this terminal?").await?;
    }
    printer.raw(&format!("{}\n", source.read_text(printer).await?))
}
