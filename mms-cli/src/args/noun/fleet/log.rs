//! Arguments of `mms log`.

use clap::Args;

use crate::args::value::Since;

/// Which writes are shown.
#[derive(Debug, Args)]
pub(crate) struct LogArgs {
    /// Those of one child alone: its id, or a name under which it was written, or a part of that; id:X or name:X says which
    #[arg(long, value_name = "ID|NAME")]
    pub(crate) child: Option<String>,
    /// Those since then: 7d, 12h, 2026-11-01, or 2026-11-01T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = Since::parse)]
    pub(crate) since: Option<Since>,
    /// Those of one run, by the beginning of its id
    #[arg(long, value_name = "RUN", value_parser = run)]
    pub(crate) run: Option<String>,
    /// The newest so many
    #[arg(long, value_name = "NUMBER")]
    pub(crate) limit: Option<usize>,
    /// Those of every server and distributor that this journal knows
    #[arg(long)]
    pub(crate) all: bool,
}

/// Parses the beginning of a run's id.
pub(super) fn run(text: &str) -> Result<String, String> {
    let text = text.to_ascii_lowercase();
    let is_hexadecimal = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hexadecimal && (1..=32).contains(&text.len()) {
        Ok(text)
    } else {
        Err(format!("{text:?} is no run: expected the beginning of its id, such as 0f3a9c21, as mms log shows it"))
    }
}
