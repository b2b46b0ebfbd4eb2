//! Control of the simulation: the retry rule that comes with the generated client, on the same schedules, makes duplicates.

use std::time::Duration;

use futures_util::future::join_all;

use super::world::{World, names};
use crate::env::clock::Clock as _;
use crate::write::create_once::tests::{PARENT, request};
use crate::write::distributor::model::ModelError;
use crate::write::distributor::{Delivery, Distributor as _};

/// Says what progenitor-client 0.15.1 says of an error, in `Error::is_retryable`: again after every `CommunicationError`,
/// whatever had become of the request, and after 408, 429, 502, 503 and 504; the operation does not matter. The errors of the
/// model are no connection, no answer, 502, 429, 404 and 400.
fn is_retryable<T>(delivery: &Delivery<T, ModelError>) -> bool {
    matches!(delivery, Delivery::Unsent(_) | Delivery::Unknown(_) | Delivery::Limited(_))
}

impl World {
    /// One life under that rule: four attempts for each name, as the client itself has. No later life creates anything, so that
    /// every duplicate is the rule's.
    pub(super) fn live_by_the_generated_rule(&self) {
        let process = self.process(self.fuse());
        let create = |name: String| {
            let process = &process;
            async move {
                for attempt in 1..=4 {
                    let delivery = process.create(PARENT, request(&name), Duration::MAX).await;
                    if !is_retryable(&delivery) {
                        return;
                    }
                    process.model.clock.sleep(Duration::from_millis(200 * attempt)).await;
                }
            }
        };
        process.live(join_all(names().map(create)));
        self.calm();
    }
}
