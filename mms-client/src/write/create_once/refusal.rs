//! Look after a create that the server refused: whether its child is there all the same.

use std::iter;
use std::sync::Arc;
use std::time::Duration;

use super::aftermath::Aftermath;
use super::creation::Creation;
use super::error::{Looks, Source};
use super::matching::{Match, has_incomplete, nothing_came, pool_fell_for};
use crate::write::distributor::Distributor;
use crate::write::journal::OpenIntent;
use crate::write::look::{Look, Purpose};
use crate::write::read_look::{Pool, read_pool};

impl<D: Distributor> Creation<'_, D> {
    /// Looks for the child of a create that was refused, and again over the settling time while there is a doubt.
    ///
    /// A refusal is believed unless the list or the pool speaks against it. One that is doubtful - a 429, which some gateways send
    /// after the work, or a 404 for a distributor whose list was read a moment ago - takes a proof: see [`nothing_came`].
    pub(super) async fn look_after(
        &self,
        open: &OpenIntent,
        before: &Look,
        refusal: &Source,
        is_doubtful: bool,
    ) -> Aftermath {
        let intent = &open.intent;
        let mut waited = Duration::ZERO;
        let waits = iter::once(Duration::ZERO).chain(self.policy.waits.iter().copied());
        for (number, wait) in (1..).zip(waits) {
            self.distributor.sleep(wait).await;
            waited = waited.saturating_add(wait);
            // Where nothing moved the pool while the list was read, the two are of one time.
            let pool = if is_doubtful { read_pool(self.distributor, intent.parent).await } else { None };
            let now = match Look::read(self.distributor, intent.parent, Purpose::Create, Pool::After).await {
                Ok(now) => now,
                Err(_) if is_doubtful => continue,
                Err(_) => return Aftermath::Nothing(None),
            };
            let looks = Looks { number, seconds: waited.as_secs() };
            let matched = match self.matched(intent, &now.children) {
                Ok(matched) => matched,
                Err(error) => return Aftermath::Outcome(Err(super::settle::unread(intent, looks, error))),
            };
            if !matches!(matched, Match::Absent(_)) {
                let outcome = self.conclude(open, matched, looks, true, Some(Arc::clone(refusal)));
                return Aftermath::Outcome(outcome);
            }
            let is_believed = if is_doubtful {
                pool == now.pool() && nothing_came(intent, before, &now)
            } else {
                now.children.is_complete
                    && !pool_fell_for(intent, before, &now)
                    && !has_incomplete(intent, &now.children)
            };
            if is_believed {
                return Aftermath::Nothing(Some(Box::new(now)));
            }
        }
        let looks = Looks { number: self.policy.waits.len() + 2, seconds: waited.as_secs() };
        Aftermath::Outcome(self.settle_refused(open, looks, Arc::clone(refusal)).await)
    }
}
