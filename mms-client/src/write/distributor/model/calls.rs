//! Calls of the model.

use std::time::Duration;

use mms_types::{
    Allocation, ChildOrganizationConsumption, CreateChildOrganizationRequest, CreatedChildOrganization, Operations,
    Organization, OrganizationId, samples,
};

use super::fault::{LIMITED, NOT_FOUND, SHORT};
use super::{Fault, ListFault, Model, ModelChild, ModelError, amount};
use crate::env::clock::Clock;
use crate::env::random::Random;
use crate::write::distributor::{Delivery, Distributor};
use crate::write::look::{Children, Looks, Purpose};

impl Model {
    /// Reads what the children have consumed; it fails as often as a list.
    pub(crate) async fn consumption(&self) -> Result<Vec<ChildOrganizationConsumption>, ModelError> {
        self.travel().await;
        let is_failed = self.next_list() == ListFault::Failed;
        let state = self.state();
        if is_failed || state.hidden.consumption {
            return Err(ModelError("no consumption"));
        }
        Ok(state.consumed.iter().map(|(id, centicredits)| samples::consumption(id.get(), *centicredits)).collect())
    }
}

impl Distributor for Model {
    type Error = ModelError;

    fn api(&self) -> String {
        self.api.clone()
    }

    fn is_api_known(&self) -> bool {
        true
    }

    fn clock(&self) -> &dyn Clock {
        &self.clock
    }

    fn random(&self) -> &dyn Random {
        &self.random
    }

    fn begin_look(&self, _: usize) {}

    async fn sleep(&self, duration: Duration) {
        self.clock.sleep(duration).await;
    }

    fn is_batch(&self) -> bool {
        false
    }

    fn looks(&self) -> &Looks {
        &self.kept_looks
    }

    async fn children(&self, _: OrganizationId, _: Purpose) -> Result<Children, ModelError> {
        self.travel().await;
        let now = self.clock.now();
        let fault = self.next_list();
        let mut state = self.state();
        state.looks += 1;
        let visible = state.children.iter().filter(|child| child.visible_from <= now);
        let mut rows: Vec<_> = visible.map(|child| child.row.clone()).collect();
        if fault == ListFault::Odd {
            rows.first_mut().unwrap().operations_allocated = None;
            rows.last_mut().unwrap().organization_name = None;
        }
        match fault {
            ListFault::None | ListFault::Odd => {
                Ok(Children { rows, is_complete: true, is_confirmed: true, requests: 1 })
            }
            ListFault::Cut => {
                rows.truncate(rows.len() / 2);
                Ok(Children { rows, is_complete: false, is_confirmed: true, requests: 1 })
            }
            ListFault::Failed => Err(ModelError("no list")),
        }
    }

    async fn organization(&self, parent: OrganizationId) -> Result<Organization, ModelError> {
        self.travel().await;
        let mut state = self.state();
        state.pools += 1;
        if state.hidden.pool {
            Err(ModelError("403"))
        } else {
            Ok(samples::distributor(parent.get(), Some(state.pool)))
        }
    }

    async fn take_turn(&self, latest: Duration) -> bool {
        self.clock.now() < latest
    }

    async fn create(
        &self,
        _: OrganizationId,
        request: CreateChildOrganizationRequest,
        latest: Duration,
    ) -> Delivery<CreatedChildOrganization, ModelError> {
        let fault = self.next_write();
        if let Some(unsent) = self.unsent(fault, latest).await {
            return unsent;
        }
        let now = self.clock.now();
        let answer = {
            let mut state = self.state();
            state.sent += 1;
            if !state.suffices(amount(request.operations)) {
                return Delivery::Refused(SHORT);
            }
            match fault {
                Fault::Refused => return Delivery::Refused(ModelError("400")),
                Fault::Limited => return Delivery::Limited(LIMITED),
                Fault::RefusedAfter | Fault::LimitedAfter => {
                    state.create(&request, now);
                    return if fault == Fault::RefusedAfter {
                        Delivery::Refused(NOT_FOUND)
                    } else {
                        Delivery::Limited(LIMITED)
                    };
                }
                Fault::LostBefore => Err("no answer"),
                Fault::Late(by) => {
                    state.late.push((now + by, request));
                    Err("no answer")
                }
                Fault::Doubled => {
                    state.create(&request, now);
                    state.create(&request, now);
                    Err("no answer")
                }
                Fault::LostAfter => {
                    state.create(&request, now);
                    Err("502")
                }
                Fault::Unreadable => {
                    state.create(&request, now);
                    Ok(serde_json::from_str(r#"{"childOrganizationId":0}"#).unwrap())
                }
                Fault::Misnamed => {
                    let before = state.children.last().map(|child| child.row.organization_id);
                    let answer = state.create(&request, now);
                    Ok(CreatedChildOrganization { child_organization_id: before.unwrap(), ..answer })
                }
                Fault::DoubledAndAnswered => {
                    state.create(&request, now);
                    Ok(state.create(&request, now))
                }
                Fault::OfAnotherOwner => {
                    let user_email = Some("eve@luna.example".to_owned());
                    Ok(CreatedChildOrganization { user_email, ..state.create(&request, now) })
                }
                Fault::None | Fault::Unsent | Fault::Held => Ok(state.create(&request, now)),
            }
        };
        self.travel().await;
        answer.map_or_else(|reason| Delivery::Unknown(ModelError(reason)), Delivery::Done)
    }

    async fn allocate(
        &self,
        _: OrganizationId,
        child: OrganizationId,
        operations: Operations,
        latest: Duration,
    ) -> Delivery<Allocation, ModelError> {
        let fault = self.next_write();
        if let Some(unsent) = self.unsent(fault, latest).await {
            return unsent;
        }
        let mut state = self.state();
        state.sent += 1;
        match fault {
            Fault::Refused => return Delivery::Refused(ModelError("409")),
            Fault::Limited => return Delivery::Limited(LIMITED),
            Fault::LostBefore => return Delivery::Unknown(ModelError("no answer")),
            _ => {}
        }
        let target = amount(operations);
        let row = state.children.iter_mut().find(|known| known.row.organization_id == child);
        let Some(ModelChild { row, .. }) = row else { return Delivery::Refused(NOT_FOUND) };
        let diff = target - row.operations_allocated.unwrap();
        if !state.suffices(diff) {
            return Delivery::Refused(SHORT);
        }
        state.set(child, target);
        let answer = Allocation {
            new_parent_operations: state.pool,
            new_child_operations: target,
            operations_diff: Some(diff),
            limit_increased: Some(diff > 0),
        };
        match fault {
            Fault::None => Delivery::Done(answer),
            Fault::RefusedAfter => Delivery::Refused(NOT_FOUND),
            Fault::LimitedAfter => Delivery::Limited(LIMITED),
            _ => Delivery::Unknown(ModelError("502")),
        }
    }

    fn pause(&self, attempts: u32, error: &ModelError, _: Duration) -> Option<Duration> {
        let wait = if *error == LIMITED { 60 } else { 1 };
        (attempts < 4).then_some(Duration::from_secs(wait))
    }

    fn is_not_found(&self, error: &ModelError) -> bool {
        *error == NOT_FOUND
    }
}
