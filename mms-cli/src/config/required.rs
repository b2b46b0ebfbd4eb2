//! Required settings: one failure names all that a command was not given, and how to give each.

use super::environment::{API_KEY, ORGANIZATION_ID, TOKEN_FILE, ZONE};
use crate::invocation::Invocation;
use crate::output::failure::{Failure, Hint};

/// Setting without which a command cannot speak to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    /// The server.
    Zone,
    /// The token.
    Token,
    /// The distributor.
    Organization,
}

impl Setting {
    const fn name(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::Token => "token",
            Self::Organization => "organization",
        }
    }

    /// Says how to give it.
    fn how(self) -> String {
        match self {
            Self::Zone => format!("set {ZONE} or --zone to the host that you sign in to, such as eu1.make.com"),
            Self::Token => format!("set {API_KEY}, {TOKEN_FILE} or --token-file FILE"),
            Self::Organization => format!(
                "set {ORGANIZATION_ID} or --organization-id to the distributor's id, which stands in the address of its page"
            ),
        }
    }
}

/// Makes the failure of a command that was not given these settings. `invocation` is how it was called.
pub(crate) fn missing(settings: &[Setting], invocation: &Invocation) -> Failure {
    let names: Vec<_> = settings.iter().map(|setting| format!("no {}", setting.name())).collect();
    let message = format!("{} given", names.join(", "));
    let login = invocation.command("auth login");
    match settings {
        [Setting::Token] => Failure::unauthorized(message)
            .hint(format!("{login} asks for it and keeps it; or {}, or try --sandbox", Setting::Token.how())),
        [Setting::Organization] => {
            let set = invocation.profile_command("config set organization_id ID");
            Failure::usage(message).hint(format!("{set} keeps it; or {}", Setting::Organization.how()))
        }
        [setting] => Failure::usage(message)
            .hint(format!("{login} asks for it and keeps it; or {}, or try --sandbox", setting.how())),
        _ => Failure::usage(message).hint(settings.iter().fold(
            Hint::new(format!("{login} asks for all of it and keeps it; or try --sandbox, or say it yourself:")),
            |hint, setting| hint.step(format!("{}: {}", setting.name(), setting.how())),
        )),
    }
}
