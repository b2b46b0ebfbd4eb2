//! Starting, listening and stopping.

use mms_sandbox::{SEED_ORGANIZATION, SEED_TOKEN, Sandbox, SandboxBuilder};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::fixtures::data_file;
use crate::http_client::{Answer, CHILDREN, Request, a_create, address, children, create, sandbox};

#[tokio::test]
async fn a_sandbox_listens_on_this_machine_alone_unless_told_otherwise() {
    let sandbox = sandbox().await;
    let address = address(&sandbox);
    assert!(address.ip().is_loopback());
    assert_eq!(sandbox.base_url(), format!("http://{address}/api/v2"));
}

#[tokio::test]
async fn a_sandbox_listens_where_it_is_told_to() {
    let sandbox = Sandbox::builder().listen("[::1]:0".parse().unwrap()).start().await.unwrap();
    assert!(sandbox.base_url().starts_with("http://[::1]:"));
    assert_eq!(children(&sandbox).await.len(), 3);
}

/// Returns the distributor and the token that a sandbox names.
async fn named(builder: SandboxBuilder) -> (u64, String) {
    let sandbox = builder.start().await.unwrap();
    let named = (sandbox.organization_id().get(), sandbox.token().to_owned());
    sandbox.stop().await.unwrap();
    named
}

/// Tokens with their scopes.
type Tokens<'a> = &'a [(&'a str, &'a [&'a str])];

/// Returns a builder that begins with distributors, each of an id and of tokens.
fn of(distributors: &[(u64, Tokens<'_>)]) -> SandboxBuilder {
    let distributors = distributors.iter().map(|(id, tokens)| {
        let tokens = tokens.iter().map(|(token, scopes)| json!({ "token": token, "scopes": scopes }));
        json!({ "organizationId": id, "operations": 0, "tokens": tokens.collect::<Value>() })
    });
    let state = json!({ "distributors": distributors.collect::<Value>() });
    Sandbox::builder().state(serde_json::from_value(state).unwrap())
}

#[tokio::test]
async fn the_token_and_the_organization_are_those_of_the_seed() {
    assert_eq!(named(Sandbox::builder()).await, (SEED_ORGANIZATION.get(), SEED_TOKEN.to_owned()));
    assert_eq!(named(of(&[(7, &[("seven", &[])])])).await, (7, "seven".to_owned()));
}

#[tokio::test]
async fn of_several_distributors_the_one_with_the_lowest_id_is_named() {
    let state = of(&[(12, &[("twelve", &[])]), (7, &[("seven", &[])])]);
    assert_eq!(named(state).await, (7, "seven".to_owned()));
}

#[tokio::test]
async fn of_several_tokens_the_first_with_the_most_scopes_is_named() {
    const READ: &str = "managed-organizations:read";
    const WRITE: &str = "managed-organizations:write";
    const ORGANIZATIONS: &str = "organizations:read";
    let tokens: Tokens<'_> =
        &[("e", &[ORGANIZATIONS, READ, WRITE]), ("d", &[READ, WRITE, ORGANIZATIONS, "more"]), ("a", &[READ, WRITE])];
    assert_eq!(named(of(&[(7, tokens)])).await.1, "d");
    assert_eq!(named(of(&[(7, &tokens[2..])])).await.1, "a");
    let none_has_all: Tokens<'_> = &[("a", &["x", "y", "z"]), ("b", &[READ]), ("c", &[READ, WRITE])];
    assert_eq!(named(of(&[(7, none_has_all)])).await.1, "c", "scopes that no operation needs do not count");
}

#[tokio::test]
async fn a_file_names_its_own_distributor_and_token_whatever_the_seed_says() {
    let (_directory, file) = data_file();
    let expected = (77, "theirs".to_owned());
    assert_eq!(named(of(&[(77, &[("theirs", &[])])]).data(&file)).await, expected);
    assert_eq!(named(Sandbox::builder().data(&file)).await, expected);
}

#[tokio::test]
async fn where_there_is_no_distributor_or_no_token_those_of_a_first_start_are_named() {
    assert_eq!(named(of(&[])).await, (SEED_ORGANIZATION.get(), SEED_TOKEN.to_owned()));
    assert_eq!(named(of(&[(7, &[])])).await, (7, SEED_TOKEN.to_owned()));
}

#[tokio::test]
async fn an_address_in_use_is_refused() {
    let first = sandbox().await;
    let address = address(&first);
    let error = Sandbox::builder().listen(address).start().await.unwrap_err();
    assert!(error.is_address_in_use() && !error.is_locked());
    assert!(error.to_string().starts_with(&format!("cannot listen on {address}: ")), "{error}");
}

#[tokio::test]
async fn sandboxes_in_memory_share_nothing() {
    let (one, other) = (sandbox().await, sandbox().await);
    create(&one, &a_create()).await.success();
    assert_eq!((children(&one).await.len(), children(&other).await.len()), (4, 3));
}

#[tokio::test]
async fn a_connection_serves_one_request_after_another() {
    let sandbox = sandbox().await;
    let mut stream = TcpStream::connect(address(&sandbox)).await.unwrap();
    for _ in 0..3 {
        stream.write_all(b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"}") {
            assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0);
        }
        assert_eq!(Answer::parse(&String::from_utf8(answer).unwrap()).status, 404);
    }
    // A connection that waits for its next request does not hold up a stop.
    sandbox.stop().await.unwrap();
    assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_stop_answers_the_request_under_way_and_takes_no_new_connection() {
    let sandbox = sandbox().await;
    let address = address(&sandbox);
    let body = a_create().to_string();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/v2{CHILDREN} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Token {SEED_TOKEN}\r\n\
         Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut asked_on = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut asked_on).await.unwrap();
    assert!(asked_on.starts_with(b"HTTP/1.1 100 "));

    let stop = tokio::spawn(sandbox.stop());
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert_eq!(Answer::parse(&answer).success()["childOrganizationId"], 1001);
    stop.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_dropped_sandbox_stops() {
    let sandbox = sandbox().await;
    let address = address(&sandbox);
    Request::get(CHILDREN).send(&sandbox).await.success();
    drop(sandbox);
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}
