//! Watch: looks again and again, of which only what changed is told.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, SystemTime};

use mms_types::Timestamp;
use serde::Serialize;

use super::check::{Check, State};
use super::look::Look;
use crate::args::GlobalArgs;
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::output::time::{clock_time, now};
use crate::signals::EndSignals;

/// Checks whose changes the comparison with the last look may tell, each with what it tells then.
const COMPARED: [(&str, &[&str]); 4] = [
    ("token", &["token_refused", "token_accepted"]),
    ("scopes", &["scope_gone"]),
    ("distributor", &["distributor_gone", "distributor_back"]),
    ("clock", &["clock_drifted"]),
];

/// A change on a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    time: Timestamp,
    #[serde(flatten)]
    check: &'a Check,
}

/// Looks every so many seconds until a signal ends it.
pub(super) async fn watch(every: u32, offline: bool, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    if global.token_file.as_deref() == Some(Path::new("-")) {
        return Err(Failure::usage("--watch needs the token at every look, and standard input has it once").hint(
            format!(
                "name a file with --token-file FILE, or keep the token with {}",
                global.invocation().command("auth login")
            ),
        ));
    }
    let mut signals = EndSignals::watch()?;
    tokio::select! {
        biased;
        () = signals.wait() => Ok(()),
        ended = rounds(every, offline, global, printer) => ended,
    }
}

async fn rounds(every: u32, offline: bool, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    printer.note(&format!("Looking every {every} s, and telling what changed, until Ctrl-C."));
    let (mut observation, mut before) = (None, BTreeMap::new());
    let mut is_first = true;
    loop {
        let look = Look::take(offline, global, printer, observation.as_ref()).await?;
        for check in news(&look.checks, (!is_first).then_some(&before)) {
            if printer.is_read_by_a_person() {
                printer.raw(&format!("{}  {}", clock_time(SystemTime::now()), check.lines(printer)))?;
            } else {
                printer.json_line(&Line { time: now(), check })?;
            }
        }
        // What could not be checked is as it was.
        before.extend(states(&look.checks));
        is_first = false;
        observation = look.keep(printer).or(observation);
        tokio::time::sleep(Duration::from_secs(every.into())).await;
    }
}

/// Returns the state of each check that was made, changes aside: of several of one name the worst.
fn states(checks: &[Check]) -> BTreeMap<&'static str, State> {
    let mut states = BTreeMap::new();
    for check in checks.iter().filter(|check| check.state != State::Skipped && !check.is_change) {
        let state = states.entry(check.name).or_insert(check.state);
        if check.is_notable() && *state != State::Problem {
            *state = check.state;
        }
    }
    states
}

/// Returns what is to be told: at first whatever is not well, and then what the comparison found and each check whose state is another
/// than when it was made last.
fn news<'a>(checks: &'a [Check], before: Option<&BTreeMap<&'static str, State>>) -> Vec<&'a Check> {
    let Some(before) = before else { return checks.iter().filter(|check| check.is_notable()).collect() };
    let now = states(checks);
    let is_news = |check: &&Check| {
        let name = check.name;
        if check.is_change {
            return true;
        }
        let told = COMPARED.iter().find(|(compared, _)| *compared == name).map_or(&[][..], |(_, told)| told);
        let is_told = checks.iter().any(|check| check.is_change && told.contains(&check.name));
        if is_told || name == "changes" || check.state == State::Skipped {
            return false;
        }
        before.get(name).map_or(check.is_notable(), |state| Some(state) != now.get(name))
    };
    checks.iter().filter(is_news).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::failure::ExitCode;

    fn told(checks: &[Check], before: Option<&[Check]>) -> Vec<&'static str> {
        news(checks, before.map(states).as_ref()).into_iter().map(|check| check.name).collect()
    }

    #[test]
    fn the_first_look_tells_what_is_not_well_and_the_next_ones_what_changed() {
        let well = [Check::ok("connection", ""), Check::ok("token", ""), Check::skipped("changes", "")];
        let broken = [Check::problem("connection", ExitCode::TryLater, "", ""), Check::skipped("token", "")];

        assert_eq!(told(&well, None), Vec::<&str>::new());
        assert_eq!(told(&broken, None), ["connection"]);
        assert_eq!(told(&broken, Some(&well)), ["connection"]);
        assert_eq!(told(&broken, Some(&broken)), Vec::<&str>::new());
        assert_eq!(told(&well, Some(&broken)), ["connection"], "it is well again");
    }

    #[test]
    fn what_the_comparison_tells_is_told_once() {
        let before = [Check::ok("token", ""), Check::ok("changes", "")];
        let revoked = [
            Check::problem("token", ExitCode::Unauthorized, "", ""),
            Check::problem("token_refused", ExitCode::Alert, "", "").change(),
        ];

        assert_eq!(told(&revoked, Some(&before)), ["token_refused"]);
        assert_eq!(told(&[revoked[0].clone()], Some(&revoked)), Vec::<&str>::new());
        assert_eq!(
            told(&revoked[1..], Some(&revoked)),
            ["token_refused"],
            "another change of the same kind is another one"
        );
    }

    #[test]
    fn what_no_comparison_tells_is_told_by_the_check_itself() {
        let before = [Check::ok("token", ""), Check::ok("distributor", "")];
        let now = [
            Check::problem("token", ExitCode::Failed, "403", ""),
            Check::problem("distributor", ExitCode::Failed, "paused", ""),
        ];

        assert_eq!(told(&now, Some(&before)), ["token", "distributor"]);
        assert_eq!(told(&before, Some(&now)), ["token", "distributor"], "they are well again");
        let unknown = [Check::skipped("token", "")];
        assert_eq!(told(&now[..1], Some(&unknown)), ["token"], "it was never seen well");
    }
}
