//! One change of an allocation before it is made: pure decisions.

use mms_client::ExpectedChild;
use mms_fleet::{Action, Consumption, Step, WantedCredits};
use mms_types::{Centicredits, ChildOrganization, NameKey, Operations, OrganizationId};

use super::Kind;
use super::target::Request;
use crate::invocation::Invocation;
use crate::lookup::{Children, name_of};
use crate::output::data::{grouped, grouped_amount};
use crate::output::failure::Failure;

/// A change of one child's allocation.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) child: ChildOrganization,
    /// Whether the child was named by its id, so that its name does not matter.
    pub(super) is_by_id: bool,
    /// What the child has.
    pub(super) allocated: i64,
    /// What it is to have.
    pub(super) total: Operations,
    /// What the child has consumed; nothing where the server does not say.
    pub(super) consumed: Option<Centicredits>,
    /// The line of the table that asks for it, if one does.
    pub(super) line: Option<usize>,
    /// The id that another system has for the child.
    pub(super) external_id: Option<String>,
}

impl Change {
    /// Decides which child is meant, and what it is to have.
    pub(super) fn new(
        request: &Request,
        children: &Children,
        consumption: &Consumption,
        kind: Kind,
        invocation: &Invocation,
    ) -> Result<Self, Failure> {
        let child = children.find_for_write(&request.child, invocation)?;
        let id = child.organization_id;
        if let Some(expected) = request.expected_name.as_deref().filter(|name| !is_called(child, name)) {
            return Err(Failure::failed(format!(
                "child organization {id} is called {:?} and not {expected:?}, as the table says; nothing was sent",
                name_of(child)
            ))
            .hint("correct the id or the name: a column that was sorted without the others looks like that"));
        }
        let allocated = child.operations_allocated.ok_or_else(|| {
            Failure::failed(format!(
                "the server lists child organization {id} without its allocation; nothing was sent"
            ))
            .hint("try again in a moment, or set it in Make itself")
        })?;
        let total = request.target.of(allocated).map_err(|reason| {
            let show = invocation.command(&format!("child show {id}"));
            let named = format!("child organization {id} {}", name_of(child));
            match request.target {
                WantedCredits::Less(credits) if kind == Kind::Move => Failure::failed(format!(
                    "{named} has only {} credits: {} cannot be moved from it",
                    grouped(allocated),
                    grouped(credits.get())
                ))
                .hint(format!("{show} shows what it has and has consumed")),
                WantedCredits::More(_) if kind == Kind::Move => Failure::failed(format!("{named}: {reason}"))
                    .hint(format!("{show} shows what it has and has consumed")),
                _ => Failure::failed(format!("{named}: {reason}"))
                    .hint(format!("{show} shows what it has; a total has no sign, such as 20000")),
            }
        })?;
        Ok(Self {
            child: child.clone(),
            is_by_id: Children::is_id(&request.child, id),
            allocated,
            total,
            consumed: consumption.of(id),
            line: request.line,
            external_id: request.external_id.clone(),
        })
    }

    pub(super) const fn id(&self) -> OrganizationId {
        self.child.organization_id
    }

    /// Returns what the change takes from the pool; negative where it gives back.
    pub(super) fn taken(&self) -> i128 {
        i128::from(self.total.get()) - i128::from(self.allocated)
    }

    pub(super) fn is_none(&self) -> bool {
        self.taken() == 0
    }

    pub(super) fn lowers(&self) -> bool {
        self.taken() < 0
    }

    /// Returns the risk of the change, if there is one: a child with nothing left has its scenarios paused.
    pub(super) fn risk(&self) -> Option<String> {
        if self.lowers() { risk(self.id(), self.total, self.consumed) } else { None }
    }

    /// Names the child, and what it had and will have.
    pub(super) fn effect(&self) -> String {
        let taken = self.taken();
        let sign = if taken > 0 { "+" } else { "" };
        format!("{} -> {} ({sign}{})", grouped(self.allocated), grouped(self.total.get()), grouped(taken))
    }

    /// Says what the child has consumed.
    pub(super) fn consumed_in_words(&self) -> String {
        self.consumed.map_or_else(|| "unknown".to_owned(), grouped_amount)
    }

    /// Returns the step that makes it. A risk that is known was asked about; one that comes up meanwhile counts unless a pause is allowed.
    pub(super) fn step(&self, allow_pause: bool) -> Step {
        let action = Action::Allocate {
            organization_id: self.id(),
            before: self.allocated,
            after: self.total,
            consumed: self.consumed,
            may_pause: allow_pause || self.risk().is_some(),
        };
        let name = self.child.organization_name.clone().unwrap_or_else(|| self.id().to_string());
        Step { name, priority: 0, action }
    }

    /// Returns what the child has to be when the total is sent, beside what it has: of this name, where it was found by it.
    pub(super) fn expected(&self, children: &Children) -> ExpectedChild {
        ExpectedChild {
            name: if self.is_by_id { None } else { self.child.organization_name.clone() },
            is_unlisted: !children.has(self.id()),
            ..ExpectedChild::default()
        }
    }

    /// Says what is there once the change is made.
    pub(super) fn done(&self) -> String {
        format!("child organization {} now has {} credits", self.id(), grouped(self.total.get()))
    }
}

/// Says whether a child has a name, or one that reads the same.
fn is_called(child: &ChildOrganization, name: &str) -> bool {
    child.name_key() == Some(NameKey::new(name))
}

/// Returns the risk of a lowered total.
fn risk(id: OrganizationId, credits: Operations, consumed: Option<Centicredits>) -> Option<String> {
    match consumed {
        Some(consumed) if consumed.exhausts(credits) => Some(format!(
            "{} credits leave nothing to child organization {id}, which has consumed {}: its scenarios may pause",
            grouped(credits.get()),
            grouped_amount(consumed)
        )),
        Some(_) => None,
        None => Some(format!(
            "the consumption of child organization {id} is unknown: {} credits may leave it nothing, and its \
             scenarios may pause",
            grouped(credits.get())
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_consumption_is_a_risk_and_not_0() {
        let credits = Operations::new(10_000).unwrap();
        let id = OrganizationId::new(101);

        assert_eq!(
            risk(id, credits, None).unwrap(),
            "the consumption of child organization 101 is unknown: 10,000 credits may leave it nothing, and its \
             scenarios may pause"
        );
        assert_eq!(risk(id, credits, Some(Centicredits::default())), None);
    }
}
