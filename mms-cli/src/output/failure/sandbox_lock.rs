//! Who holds a sandbox's file, read from the refusal that names the holder.

use mms_client::BaseUrl;
use mms_sandbox::{SEED_ORGANIZATION, SEED_TOKEN};

use crate::output::failure::shell;

/// How `mms sandbox serve` names itself to those who find its file in use.
pub(crate) const SERVE: &str = "mms sandbox serve";

/// Returns the way out where another process holds the file: to speak to it if it is there for that, else to wait.
pub(crate) fn way_out(refusal: &str) -> String {
    match Holder::read(refusal) {
        Some(Holder { command: SERVE, base_url, .. }) => spoken_to(&base_url),
        Some(Holder { process, .. }) => format!("process {process} must end first, or be answered where it asks"),
        None => "that process must end first, or be answered where it asks".to_owned(),
    }
}

/// A process that holds a file.
struct Holder<'a> {
    process: &'a str,
    command: &'a str,
    base_url: String,
}

impl<'a> Holder<'a> {
    /// Reads `... is in use by process 17 (mms sandbox serve, http://127.0.0.1:8787/api/v2)`.
    fn read(refusal: &'a str) -> Option<Self> {
        let (_, holder) = refusal.rsplit_once(" is in use by process ")?;
        let (process, rest) = holder.split_once(" (")?;
        let (command, base_url) = rest.strip_suffix(')')?.rsplit_once(", ")?;
        // Nobody can speak to "every address" as such.
        let base_url = base_url.replacen("//0.0.0.0:", "//127.0.0.1:", 1).replacen("//[::]:", "//[::1]:", 1);
        Some(Self { process, command, base_url })
    }
}

/// Names a command that speaks to the sandbox at an address.
fn spoken_to(base_url: &str) -> String {
    let allow_http = if base_url.parse::<BaseUrl>().is_err() { " --allow-http" } else { "" };
    let base_url = shell::word(base_url);
    format!(
        "speak to it: `MAKE_API_KEY={SEED_TOKEN} mms --base-url {base_url}{allow_http} --organization-id {SEED_ORGANIZATION} child list`, \
         or with the token and the organization that it printed"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way_out_of(holder: &str) -> String {
        way_out(&format!("/home/ada/is in use by/sandbox.db is in use by {holder}"))
    }

    #[test]
    fn a_served_sandbox_is_spoken_to_with_a_whole_command() {
        for (served, flags) in [
            ("http://127.0.0.1:8787/api/v2", "--base-url http://127.0.0.1:8787/api/v2"),
            ("http://0.0.0.0:8787/api/v2", "--base-url http://127.0.0.1:8787/api/v2"),
            ("http://[::]:8787/api/v2", "--base-url 'http://[::1]:8787/api/v2'"),
            ("http://10.0.0.5:8787/api/v2", "--base-url http://10.0.0.5:8787/api/v2 --allow-http"),
        ] {
            assert_eq!(
                way_out_of(&format!("process 17 (mms sandbox serve, {served})")),
                format!(
                    "speak to it: `MAKE_API_KEY=00000000-0000-4000-8000-000000000011 mms {flags} --organization-id 11 child list`, \
                     or with the token and the organization that it printed"
                )
            );
        }
    }

    #[test]
    fn any_other_holder_has_to_end_first() {
        assert_eq!(
            way_out_of("process 17 (mms --sandbox child create, http://127.0.0.1:4711/api/v2)"),
            "process 17 must end first, or be answered where it asks"
        );
        assert_eq!(way_out_of("another process"), "that process must end first, or be answered where it asks");
    }
}
