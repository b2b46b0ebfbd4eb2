//! Selection of children: which rows a list shows, and in which order.

use clap::Args;

use crate::args::value::parser;

/// Which children are shown.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub(crate) struct Selection {
    /// Only children whose name contains TEXT, in any case; with * or ? the whole name has to fit
    #[arg(long, value_name = "TEXT|GLOB")]
    pub(crate) name: Option<String>,
    /// Only children of a zone whose name or host begins with TEXT, such as EU: the API lists the zone of a child, not its region
    #[arg(long, value_name = "TEXT")]
    pub(crate) region: Option<String>,
    /// Only children of a country: id, name or ISO code
    #[arg(long)]
    pub(crate) country: Option<String>,
    /// Only children that have used this share of their allocation, or more; 80 and 80% are the same
    #[arg(long, value_name = "PERCENT", value_parser = parser::percent)]
    pub(crate) above: Option<u64>,
    /// Only children with less than this left
    #[arg(long, value_name = "CREDITS", value_parser = parser::any_credits, allow_negative_numbers = true)]
    pub(crate) left_below: Option<i64>,
    /// Sort by a column, upwards, or downwards with :desc
    #[arg(long, value_name = "COLUMN[:desc]")]
    pub(crate) sort: Option<String>,
    /// Show the first COUNT rows alone
    #[arg(long, value_name = "COUNT")]
    pub(crate) limit: Option<usize>,
    /// Show it again every so many seconds, and mark what changed; off a terminal one JSON line each
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "60")]
    #[arg(value_parser = parser::seconds_from_1, conflicts_with = "exit_code")]
    pub(crate) watch: Option<u32>,
    /// End with exit code 9 if any row is left, so that cron can tell
    #[arg(long)]
    pub(crate) exit_code: bool,
}
