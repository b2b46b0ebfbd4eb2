//! Requests of the client, to the byte.

use std::env;
use std::process::Command;

use mms_client::types::RegionId;
use mms_client::{BaseUrl, Client, RetryPolicy, operation};
use mms_tests::{BASE_PATH, RawServer, Reaction, TOKEN};

use crate::calls::{a_child, calls};

/// Returns the bytes of a request as text, with its header fields in order of their names.
fn sorted(request: &[u8]) -> String {
    let text = std::str::from_utf8(request).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let (line, fields) = head.split_once("\r\n").unwrap();
    let mut fields: Vec<&str> = fields.split("\r\n").collect();
    fields.sort_unstable();
    format!("{line}\n{}\n\n{body}", fields.join("\n"))
}

#[tokio::test]
async fn every_operation_sends_exactly_this_request_once() {
    let user_agent = concat!("mms-client/", env!("CARGO_PKG_VERSION"));
    for call in calls() {
        let (_, server) = call.send_to(Reaction::HangUp).await;
        let requests = server.requests();
        assert_eq!(requests.len(), 1, "{}", call.operation);

        let (method, target) = call.line.split_once(' ').unwrap();
        let host = server.origin().replace("http://", "");
        let body = match call.body {
            "" => String::new(),
            body => format!("content-length: {}\ncontent-type: application/json\n", body.len()),
        };
        let expected = format!(
            "{method} {BASE_PATH}{target} HTTP/1.1\naccept-encoding: gzip\naccept: application/json\nauthorization: Token {TOKEN}\n{body}\
             host: {host}\nuser-agent: {user_agent}\n\n{}",
            call.body
        );
        assert_eq!(sorted(&requests[0]), expected);
    }
}

#[test]
fn every_request_goes_where_the_contract_says() {
    for call in calls() {
        let operation = operation(call.operation).unwrap();
        let path = operation.path.replace("{organizationId}", "11").replace("{childOrganizationId}", "123");
        let line = call.line.split('?').next().unwrap();
        assert_eq!(line, format!("{} {path}", operation.method));
    }
}

#[tokio::test]
async fn a_user_agent_of_ones_own_is_sent() {
    let server = RawServer::start(Reaction::HangUp).await.unwrap();
    let base_url: BaseUrl = server.base_url().parse().unwrap();
    let client = Client::builder(base_url, TOKEN.parse().unwrap()).user_agent("provisioning/1.0");
    let client = client.retry(RetryPolicy::never()).build().unwrap();
    assert!(client.list_regions().send().await.is_err(), "the server hung up");
    let request = sorted(&server.requests()[0]);
    assert!(request.contains("\nuser-agent: provisioning/1.0\n"), "{request}");
}

/// Tells the test below that it runs in a process with proxies in its environment.
const PROXIED: &str = "MMS_TEST_PROXIED";

#[tokio::test]
async fn a_proxy_of_the_environment_is_not_used() {
    if env::var_os(PROXIED).is_some() {
        let server = RawServer::start(Reaction::HangUp).await.unwrap();
        let error = mms_tests::client_at(&server.base_url()).unwrap().list_regions().send().await.unwrap_err();
        assert_eq!(server.requests().len(), 1, "{error}");
        return;
    }
    // The environment of a process is set for a child of it, and nobody listens on port 1.
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", "requests::a_proxy_of_the_environment_is_not_used"]).env(PROXIED, "");
    child.env_remove("NO_PROXY").env_remove("no_proxy").env_remove("REQUEST_METHOD");
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        child.env(name, "http://127.0.0.1:1");
    }
    let output = child.output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && stdout.contains("1 passed"), "{stdout}");
}

#[tokio::test]
async fn a_slash_at_the_end_of_the_base_url_is_not_doubled() {
    let server = RawServer::start(Reaction::HangUp).await.unwrap();
    let client = mms_tests::client_at(&format!("{}/", server.base_url())).unwrap();
    assert!(client.list_regions().send().await.is_err(), "the server hung up");
    let request = sorted(&server.requests()[0]);
    assert!(request.starts_with("GET /api/v2/enums/imt-regions HTTP/1.1\n"), "{request}");
}

#[tokio::test]
async fn a_request_that_a_type_refuses_is_not_sent() {
    let server = RawServer::start(Reaction::HangUp).await.unwrap();
    let client = mms_tests::client_at(&server.base_url()).unwrap();
    let missing = client.list_child_organizations().send().await.unwrap_err();
    assert!(missing.is_builder() && !missing.maybe_sent());
    assert_eq!(missing.to_string(), "list_child_organizations: not sent: organization_id was not initialized");
    let zero = client.get_organization().organization_id(0).send().await.unwrap_err();
    assert!(zero.is_builder() && !zero.maybe_sent());
    assert_eq!(
        zero.to_string(),
        r#"get_organization: not sent: organization_id: "0" is not an id: expected a whole number from 1"#
    );
    let limit = client.list_child_organizations().organization_id(11).pg_limit(0_u32).send().await.unwrap_err();
    let update = client.update_child_organization_allocation().organization_id(11);
    let childless = update.send().await.unwrap_err();
    let named = "update_child_organization_allocation: not sent: child_organization_id was not initialized";
    assert_eq!(
        (childless.operation_id(), childless.to_string().as_str()),
        ("update_child_organization_allocation", named)
    );
    assert!(limit.is_builder() && limit.to_string().contains("pg_limit"), "{limit}");
    let mut create = a_child();
    create.region_id = RegionId::new(0);
    let region = client.create_child_organization().organization_id(11).body(create).send().await.unwrap_err();
    assert!(region.is_builder() && !region.maybe_sent());
    assert_eq!(
        region.to_string(),
        r#"create_child_organization: not sent: "0" is not an id: expected a whole number from 1"#
    );
    assert_eq!(server.requests(), Vec::<Vec<u8>>::new());
}
