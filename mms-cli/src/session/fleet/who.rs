//! Who asks for a run.

use std::env;

/// Variable that says who asks, where the account of this machine does not.
const WHO: &str = "MMS_WHO";

/// Most characters that are written down.
const LONGEST: usize = 100;

/// Names who asks: what `MMS_WHO` says, or else the person and the machine, such as `ada@office`.
pub(super) fn who() -> String {
    if let Some(said) = env::var(WHO).ok().filter(|said| !said.trim().is_empty()) {
        return said.trim().chars().take(LONGEST).collect();
    }
    let person = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| env::var(name).ok());
    let person = person.filter(|person| !person.is_empty()).unwrap_or_else(|| "somebody".to_owned());
    match machine() {
        Some(machine) => format!("{person}@{machine}"),
        None => person,
    }
}

#[cfg(unix)]
fn machine() -> Option<String> {
    let name = rustix::system::uname();
    name.nodename().to_str().ok().filter(|name| !name.is_empty()).map(str::to_owned)
}

#[cfg(not(unix))]
fn machine() -> Option<String> {
    env::var("COMPUTERNAME").ok()
}
