//! Lock of a sandbox's file: the hint for the process that holds it.

use mms_client::BaseUrl;
use mms_sandbox::{SEED_ORGANIZATION, SEED_TOKEN};

use super::shell;

/// Name of `mms sandbox serve` for those who find its file in use.
pub(crate) const SERVE: &str = "mms sandbox serve";

/// Returns the hint for a file that another process holds: to speak to it if it is there for that, else to wait.
pub(crate) fn hint(holder: Option<&str>) -> String {
    match holder.and_then(Holder::read) {
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
    /// Reads `process 17 (mms sandbox serve, http://127.0.0.1:8787/api/v2)`.
    fn read(holder: &'a str) -> Option<Self> {
        let (process, rest) = holder.strip_prefix("process ")?.split_once(" (")?;
        let (command, base_url) = rest.strip_suffix(')')?.rsplit_once(", ")?;
        // "All addresses" cannot be called.
        let base_url = base_url.replacen("//0.0.0.0:", "//127.0.0.1:", 1).replacen("//[::]:", "//[::1]:", 1);
        Some(Self { process, command, base_url })
    }
}

/// Returns a command that calls the sandbox at an address.
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

    fn hint_for(holder: &str) -> String {
        hint(Some(holder))
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
                hint_for(&format!("process 17 (mms sandbox serve, {served})")),
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
            hint_for("process 17 (mms --sandbox child create, http://127.0.0.1:4711/api/v2)"),
            "process 17 must end first, or be answered where it asks"
        );
        assert_eq!(hint_for("another process"), "that process must end first, or be answered where it asks");
    }
}
