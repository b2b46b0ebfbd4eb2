//! What a command was not told: all of it at once, with the ways to say it.

use crate::config::target::ZONE;
use crate::config::token::{FILE, KEY};
use crate::output::failure::{Failure, Hint};
use crate::session::ORGANIZATION;

/// Something without which a command cannot speak to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// With whom to speak.
    Zone,
    /// In whose name.
    Token,
    /// About which distributor.
    Organization,
}

impl Want {
    const fn name(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::Token => "token",
            Self::Organization => "organization",
        }
    }

    fn way(self) -> String {
        match self {
            Self::Zone => format!("set {ZONE} or --zone to the host that you sign in to, such as eu1.make.com"),
            Self::Token => format!("set {KEY}, {FILE} or --token-file FILE"),
            Self::Organization => format!(
                "set {ORGANIZATION} or --organization-id to the distributor's id, which stands in the address of its page"
            ),
        }
    }
}

/// Says what is missing.
pub(crate) fn failure(missing: &[Want]) -> Failure {
    let names: Vec<_> = missing.iter().map(|want| format!("no {}", want.name())).collect();
    let message = format!("{} given", names.join(", "));
    match missing {
        [Want::Token] => Failure::unauthorized(message).hint(format!("{}, or try --sandbox", Want::Token.way())),
        [Want::Organization] => Failure::usage(message).hint(Want::Organization.way()),
        [want] => Failure::usage(message).hint(format!("{}, or try --sandbox", want.way())),
        _ => Failure::usage(message).hint(
            missing.iter().fold(Hint::new("say all of it, or try --sandbox:"), |hint, want| {
                hint.step(format!("{}: {}", want.name(), want.way()))
            }),
        ),
    }
}
