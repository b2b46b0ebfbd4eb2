//! Moments of the journal, as the API writes a time, and their age.

use std::time::SystemTime;

use mms_client::Moment;

/// Returns a moment as the API writes one.
pub(crate) fn timestamp(moment: Moment) -> mms_types::Timestamp {
    let time = jiff::Timestamp::try_from(moment.time()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    mms_types::Timestamp::new(time.strftime("%FT%TZ").to_string())
}

/// Returns the age of a moment, in whole seconds.
pub(crate) fn age(moment: Moment) -> u64 {
    SystemTime::now().duration_since(moment.time()).unwrap_or_default().as_secs()
}
