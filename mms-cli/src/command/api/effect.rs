//! Effect of a write that the contract knows: what `mms api` leaves out, and which command has it.

use mms_client::RawRequest;

use crate::invocation::Invocation;
use crate::output::failure::shell;

/// Operation that creates a child.
const CREATE: &str = "create_child_organization";

/// Operation that sets the credits of a child.
const ALLOCATE: &str = "update_child_organization_allocation";

/// Effect of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It creates a child.
    Create,
    /// It sets the credits of a child.
    Allocate,
    /// Nothing that is known here.
    Unknown,
}

impl Effect {
    /// Reads what a request does.
    pub(super) fn of(request: &RawRequest) -> Self {
        match request.operation().map(|operation| operation.id) {
            Some(CREATE) => Self::Create,
            Some(ALLOCATE) => Self::Allocate,
            _ => Self::Unknown,
        }
    }

    /// Warns of it before it is sent.
    pub(super) fn warning(self, invocation: &Invocation) -> Option<String> {
        match self {
            Self::Create => Some(format!(
                "creates a child organization, which can never be deleted, without a journal and without a look for one of the \
                 same name: {} has both",
                invocation.command("child create")
            )),
            Self::Allocate => Some(format!(
                "sets the credits of a child without a look at what it has and has consumed: {} looks",
                invocation.command("child allocate")
            )),
            Self::Unknown => None,
        }
    }

    /// Names the command that shows what it did.
    pub(super) fn show(self, request: &RawRequest, invocation: &Invocation) -> String {
        match self {
            Self::Create | Self::Allocate => invocation.command("child list"),
            Self::Unknown => invocation.command(&format!("api GET {}", shell::word(request.path()))),
        }
    }

    /// Says how to find out whether it was carried out.
    pub(super) fn look(self, request: &RawRequest, invocation: &Invocation) -> String {
        let show = self.show(request, invocation);
        match self {
            Self::Create => format!(
                "{show} shows whether the child is there; no journal knows of it, so do not send it again before it is certain"
            ),
            Self::Allocate => format!("{show} shows what the child has by now"),
            Self::Unknown => format!("look with {show}, or in Make, before you send it again"),
        }
    }
}

#[cfg(test)]
mod tests {
    use mms_client::RawMethod;

    use super::*;

    #[test]
    fn the_writes_of_the_contract_are_known_by_method_and_path() {
        let effect = |method, path: &str| Effect::of(&RawRequest::new(method, path).unwrap());
        let children = "/organizations/12/managed-organizations";
        assert_eq!(effect(RawMethod::Post, children), Effect::Create);
        assert_eq!(effect(RawMethod::Patch, &format!("{children}/123")), Effect::Allocate);
        assert_eq!(effect(RawMethod::Get, children), Effect::Unknown);
        assert_eq!(effect(RawMethod::Post, "/scenarios"), Effect::Unknown);
    }
}
