//! Arguments of `mms api`.

use std::path::PathBuf;

use clap::Args;
use mms_client::RawMethod;

use crate::args::value::parser;

/// Help on fields.
const FIELD: &str = "A field of the JSON body, as in 'scheduling[type]=on-demand' and 'ids[]=7'; of a GET, HEAD or DELETE a \
    parameter of the query, as in 'pg[limit]=5'. In a body a number, true, false and null are what they are, anything else is a \
    text, and '\"7\"' is the text 7; may be repeated";

/// A request to any path of the API.
#[derive(Debug, Args)]
pub(crate) struct ApiArgs {
    /// GET, HEAD, POST, PUT, PATCH or DELETE, in upper or lower case
    #[arg(value_name = "METHOD")]
    pub(crate) method: RawMethod,
    /// Path below the root of the API, such as /scenarios, with a query or without one; {organizationId} in it stands for
    /// the distributor
    #[arg(value_name = "PATH")]
    pub(crate) path: String,
    /// Fields of the body, or parameters of the query.
    // The help has brackets, which a comment would make links of.
    #[arg(short = 'f', long = "field", value_name = "KEY=VALUE", value_parser = parser::field, help = FIELD)]
    pub(crate) fields: Vec<(String, String)>,
    /// File whose JSON is the body as it stands, or - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// Follow the pages of a list, and write all its rows as one document; with -o ndjson a row a line
    #[arg(long, conflicts_with_all = ["input", "include"])]
    pub(crate) paginate: bool,
    /// Write the status and the headers of the answer, too, before its body
    #[arg(short, long)]
    pub(crate) include: bool,
    /// Show the request, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
