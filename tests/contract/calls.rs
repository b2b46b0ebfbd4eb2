//! Table of calls: one of every operation, for the other tests to walk over.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::pin::Pin;

use http::StatusCode;
use httpmock::{Mock, MockServer};
use mms_client::types::{
    CreateChildOrganizationRequest, OrganizationId, OrganizationSortKey, PageLimit, PageOffset, SortDirection,
    UpdateAllocationRequest,
};
use mms_client::{Client, Error, ResponseValue, operations};
use mms_tests::{Document, MockServerExt, RawServer, Reaction, client_at, deviation};
use serde::Serialize;
use serde_json::{Value, json};

/// A call of an operation with every one of its parameters, unless it says otherwise.
#[derive(Clone, Copy)]
pub(crate) struct Call {
    /// The `operationId`.
    pub(crate) operation: &'static str,
    /// Method and target of the request, below the API root.
    pub(crate) line: &'static str,
    /// The body of the request; empty where it has none.
    pub(crate) body: &'static str,
    /// Sends it.
    pub(crate) send: for<'a> fn(&'a Client) -> Sending<'a>,
    /// Returns the `Debug` of its builder.
    pub(crate) builder: fn(&Client) -> String,
    /// Makes a typed mock that takes this call, nothing else, and answers 200 with a body.
    pub(crate) mock: for<'a> fn(&'a MockServer, &Value) -> Mock<'a>,
}

/// A request on its way.
pub(crate) type Sending<'a> = Pin<Box<dyn Future<Output = Result<Answer, Error>> + Send + 'a>>;

/// A decoded answer, without its type.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// The answer as JSON again.
    pub(crate) json: Value,
    /// The `Debug` of the answer.
    pub(crate) debug: String,
}

impl<T: Serialize + Debug> From<ResponseValue<T>> for Answer {
    fn from(answer: ResponseValue<T>) -> Self {
        Self { status: answer.status(), json: json!(*answer), debug: format!("{answer:?}") }
    }
}

impl Call {
    /// Sends it to a server that reacts in this way. The server lives on, for a look at what it got.
    pub(crate) async fn send_to(&self, reaction: Reaction) -> (Result<Answer, Error>, RawServer) {
        let server = RawServer::start(reaction).await.unwrap();
        let client = client_at(&server.base_url()).unwrap();
        ((self.send)(&client).await, server)
    }

    /// Returns the first documented answer that says yes.
    pub(crate) fn documented<'a>(&self, document: &'a Document) -> &'a Value {
        document.answers().find(|example| example.operation == self.operation).unwrap().value
    }

    /// Sends it to a server that answers with a status, a media type and a body.
    pub(crate) async fn answered(&self, status: u16, media_type: &str, body: &str) -> Result<Answer, Error> {
        let bytes = deviation::whole(status, &[("content-type", media_type)], body);
        self.send_to(Reaction::Answer(bytes)).await.0
    }
}

/// Writes a row of the table: the operation with its parameters, and what it sends.
macro_rules! call {
    ($operation:ident($($parameter:ident: $value:expr),*), $line:literal, $body:literal) => {
        Call {
            operation: stringify!($operation),
            line: $line,
            body: $body,
            send: |client| Box::pin(async move {
                client.$operation()$(.$parameter($value))*.send().await.map(Answer::from)
            }),
            builder: |client| format!("{:?}", client.$operation()$(.$parameter($value))*),
            mock: |server, body| server.$operation(|when, then| {
                let _ = when$(.$parameter(&$value))*;
                then.ok(&serde_json::from_value(body.clone()).unwrap());
            }),
        }
    };
}

const DISTRIBUTOR: OrganizationId = OrganizationId::new(11);
const CHILD: OrganizationId = OrganizationId::new(123);

/// Returns the calls: one of every operation, and one more of each paged list, with its optional parameters.
pub(crate) fn calls() -> Vec<Call> {
    vec![
        call!(
            list_child_organizations(organization_id: DISTRIBUTOR),
            "GET /organizations/11/managed-organizations",
            ""
        ),
        call!(
            list_child_organizations(
                organization_id: DISTRIBUTOR,
                pg_limit: PageLimit::new(50).unwrap(),
                pg_offset: PageOffset::new(100).unwrap()
            ),
            "GET /organizations/11/managed-organizations?pg%5Blimit%5D=50&pg%5Boffset%5D=100",
            ""
        ),
        call!(
            create_child_organization(organization_id: DISTRIBUTOR, body: a_child()),
            "POST /organizations/11/managed-organizations",
            r#"{"userEmail":"ada@sol.example","userName":"Ada Łącka","organizationName":"Panadería / Sol","regionId":1,"countryId":250,"operations":20000}"#
        ),
        call!(
            update_child_organization_allocation(
                organization_id: DISTRIBUTOR,
                child_organization_id: CHILD,
                body: UpdateAllocationRequest { operations: 30_000.try_into().unwrap() }
            ),
            "PATCH /organizations/11/managed-organizations/123",
            r#"{"operations":30000}"#
        ),
        call!(
            list_child_organization_consumption(organization_id: DISTRIBUTOR),
            "GET /organizations/11/managed-organizations-consumption",
            ""
        ),
        call!(list_organizations(), "GET /organizations", ""),
        call!(
            list_organizations(
                pg_limit: PageLimit::new(50).unwrap(),
                pg_offset: PageOffset::new(100).unwrap(),
                pg_sort_by: OrganizationSortKey::Id,
                pg_sort_dir: SortDirection::Descending
            ),
            "GET /organizations?pg%5Blimit%5D=50&pg%5Boffset%5D=100&pg%5BsortBy%5D=id&pg%5BsortDir%5D=desc",
            ""
        ),
        call!(get_organization(organization_id: DISTRIBUTOR), "GET /organizations/11", ""),
        call!(get_current_user(), "GET /users/me", ""),
        call!(get_current_authorization(), "GET /users/me/current-authorization", ""),
        call!(list_regions(), "GET /enums/imt-regions", ""),
        call!(list_countries(), "GET /enums/countries", ""),
        call!(list_zones(), "GET /enums/imt-zones", ""),
        call!(list_timezones(), "GET /enums/timezones", ""),
    ]
}

/// Returns the first call of an operation.
pub(crate) fn call_of(operation: &str) -> Call {
    calls().into_iter().find(|call| call.operation == operation).unwrap()
}

/// A create with letters beyond ASCII.
pub(crate) fn a_child() -> CreateChildOrganizationRequest {
    CreateChildOrganizationRequest {
        user_email: "ada@sol.example".parse().unwrap(),
        user_name: "Ada Łącka".parse().unwrap(),
        organization_name: "Panadería / Sol".parse().unwrap(),
        region_id: "1".parse().unwrap(),
        country_id: "250".parse().unwrap(),
        operations: "20000".parse().unwrap(),
    }
}

#[test]
fn every_operation_of_the_contract_has_a_call_and_no_other_has() {
    let documented: BTreeSet<&str> = operations().iter().map(|operation| operation.id).collect();
    let called: BTreeSet<&str> = calls().iter().map(|call| call.operation).collect();
    assert_eq!(called, documented);
}
