//! Why a step was not begun, in words.

use mms_fleet::NotBegun;

use crate::output::data::grouped;

/// Says why a step was not begun.
pub(super) fn why_not(why: NotBegun) -> String {
    match why {
        NotBegun::Interrupted => "the command was interrupted".to_owned(),
        NotBegun::PoolTooSmall { pool } => format!("the pool holds only {} credits", grouped(pool)),
        NotBegun::Journal => "the journal cannot be written".to_owned(),
        NotBegun::Unreachable => "the server cannot be reached".to_owned(),
        NotBegun::NotAuthorized => "the token may not write".to_owned(),
        NotBegun::Unanswered => "no usable answer came to three writes in a row".to_owned(),
        NotBegun::EarlierNotDone => "one before it was not done".to_owned(),
        _ => "an earlier step ended the run".to_owned(),
    }
}
