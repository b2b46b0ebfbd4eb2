//! Who asks for a run.

use std::env;

/// Names the person and the machine, such as `ada@office`.
pub(super) fn who() -> String {
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
