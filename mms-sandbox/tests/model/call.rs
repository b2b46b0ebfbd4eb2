//! Calls of the API, with their requests and the fields of their answers that the model foretells.

use proptest::sample::Index;
use serde_json::{Value, json};

use crate::http_client::{CHILDREN, Request, a_create_with};

/// The calls that may fail.
pub(crate) const OPERATIONS: [&str; 4] = [
    "create_child_organization",
    "update_child_organization_allocation",
    "list_child_organizations",
    "list_child_organization_consumption",
];

/// A call with arguments that may be refused.
#[derive(Debug, Clone)]
pub(crate) enum Call {
    Create { operations: u64, region: u64 },
    Allocate { child: Target, operations: u64 },
    List { limit: Option<usize>, offset: usize },
    Consumption { organization: u64 },
}

/// A child that is there, or one of two that are not.
#[derive(Debug, Clone)]
pub(crate) struct Target(pub(crate) Index);

impl Target {
    pub(crate) fn of(&self, ids: &[u64]) -> u64 {
        *self.0.get(ids)
    }
}

impl Call {
    pub(crate) fn operation(&self) -> &'static str {
        let [create, allocate, list, consumption] = OPERATIONS;
        match self {
            Self::Create { .. } => create,
            Self::Allocate { .. } => allocate,
            Self::List { .. } => list,
            Self::Consumption { .. } => consumption,
        }
    }

    /// Returns the request of the call; its child is one of `ids`.
    pub(crate) fn request(&self, ids: &[u64]) -> Request {
        match self {
            Self::Create { operations, region } => {
                let mut create = a_create_with("operations", json!(operations));
                create["regionId"] = json!(region);
                Request::new("POST", CHILDREN).json(&create)
            }
            Self::Allocate { child, operations } => {
                let path = format!("{CHILDREN}/{}", child.of(ids));
                Request::new("PATCH", &path).json(&json!({ "operations": operations }))
            }
            Self::List { limit, offset } => {
                let limit = limit.map(|limit| format!("&pg[limit]={limit}")).unwrap_or_default();
                Request::get(&format!("{CHILDREN}?pg[offset]={offset}{limit}"))
            }
            Self::Consumption { organization } => {
                Request::get(&format!("/organizations/{organization}/managed-organizations-consumption"))
            }
        }
    }

    /// Picks what the model foretells out of the body of a success.
    pub(crate) fn read(&self, body: &Value) -> Value {
        let rows = |list: &str| body[list].as_array().unwrap().clone().into_iter();
        match self {
            Self::Create { .. } => json!([body["childOrganizationId"], body["newParentOperations"]]),
            Self::Allocate { .. } => json!([
                body["newChildOperations"],
                body["newParentOperations"],
                body["operationsDiff"],
                body["limitIncreased"]
            ]),
            Self::List { .. } => rows("managedOrganizations")
                .map(|child| json!([child["organizationId"], child["operationsAllocated"]]))
                .collect(),
            Self::Consumption { .. } => {
                rows("managedOrganizationsConsumption").map(|row| row["organizationId"].clone()).collect()
            }
        }
    }
}
