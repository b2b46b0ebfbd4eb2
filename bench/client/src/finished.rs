//! The client as its users run it.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use mms_client::{BaseUrl, Client, Clock, Sleep, SystemClock};

use crate::{Fault, TOKEN};

/// Returns a client with the default settings. Its pace is on, at a limit that never makes a request wait: what is measured
/// includes the keeping of the pace, and no waiting.
pub fn finished(base_url: &str) -> Result<Client, Fault> {
    let base_url: BaseUrl = base_url.parse()?;
    let builder = Client::builder(base_url, TOKEN.parse()?).requests_per_minute(NonZeroU32::MAX);
    Ok(builder.clock(Arc::new(Hasty)).build()?)
}

/// A clock that is fast by this factor.
///
/// The pace remembers the requests of two minutes: at most 2,000 at the highest of Make's limits, and a million at the rate of
/// a benchmark. By this clock it has some 2,000 to look at.
#[derive(Debug)]
struct Hasty;

const FACTOR: u32 = 600;

impl Clock for Hasty {
    fn now(&self) -> Duration {
        SystemClock.now() * FACTOR
    }

    fn wall(&self) -> SystemTime {
        SystemClock.wall()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        SystemClock.sleep(duration / FACTOR)
    }
}
