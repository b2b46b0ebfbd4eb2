//! Typed mocks of every operation, under a base path and without one.

use httpmock::MockServer;
use mms_client::types::{ApiError, ChildOrganizationList, OrganizationId};
use mms_tests::{Document, MockServerExt, client_at, client_for, deviation};

use crate::calls::calls;

#[tokio::test]
async fn every_mock_answers_its_operation_under_the_base_path_and_without_it() {
    let document = Document::contract().unwrap();
    let server = MockServer::start_async().await;
    for call in calls() {
        let expected = call.documented(&document);
        let mut mock = (call.mock)(&server, expected);
        for client in [client_for(&server).unwrap(), client_at(&server.base_url()).unwrap()] {
            let answer = (call.send)(&client).await.unwrap();
            assert_eq!(&answer.json, expected, "{}", call.line);
        }
        mock.assert_calls(2);
        mock.delete();
    }
}

#[tokio::test]
async fn a_mock_takes_no_other_operation() {
    let document = Document::contract().unwrap();
    for call in calls() {
        let server = MockServer::start_async().await;
        let client = client_for(&server).unwrap();
        let mock = (call.mock)(&server, call.documented(&document));
        for other in calls().into_iter().filter(|other| other.operation != call.operation) {
            let error = (other.send)(&client).await.unwrap_err();
            assert!(error.is_not_found(), "{} answered {}", call.line, other.line);
        }
        mock.assert_calls(0);
    }
}

#[tokio::test]
async fn a_mock_takes_no_other_parameter() {
    let server = MockServer::start_async().await;
    let list = server.list_child_organizations(|when, then| {
        when.organization_id(&OrganizationId::new(11)).pg_limit(None);
        then.ok(&ChildOrganizationList { managed_organizations: Vec::new(), pg: None });
    });
    let client = client_for(&server).unwrap();
    let other = client.list_child_organizations().organization_id(110).send().await.unwrap_err();
    assert!(other.is_not_found(), "{other}");
    let paged = client.list_child_organizations().organization_id(11).pg_limit(5_u32).send().await.unwrap_err();
    assert!(paged.is_not_found(), "{paged}");
    assert!(client.list_child_organizations().organization_id(11).send().await.is_ok());
    list.assert_calls(1);
}

#[tokio::test]
async fn a_mock_refuses_in_the_documented_shape_and_leaves_it_on_purpose() {
    let server = MockServer::start_async().await;
    let client = client_for(&server).unwrap();
    let refusal = ApiError { detail: Some("Access denied.".to_owned()), ..ApiError::default() };
    let mut typed = server.list_zones(|_, then| drop(then.client_error(403, &refusal)));
    let error = client.list_zones().send().await.unwrap_err();
    assert!(error.is_forbidden() && error.detail() == Some("Access denied."), "{error}");
    typed.delete();

    server.list_zones(|_, then| drop(deviation::answer(then.into_inner(), 403, "text/plain", "error code: 1010")));
    let error = client.list_zones().send().await.unwrap_err();
    assert!(error.is_forbidden() && error.detail() == Some("error code: 1010"), "{error}");
}

#[tokio::test]
async fn the_oldest_mock_that_matches_answers() {
    let server = MockServer::start_async().await;
    let first = server.list_zones(|_, then| drop(deviation::answer(then.into_inner(), 503, "text/plain", "first")));
    let second = server.list_zones(|_, then| drop(deviation::answer(then.into_inner(), 404, "text/plain", "second")));
    let error = client_for(&server).unwrap().list_zones().send().await.unwrap_err();
    assert_eq!(error.detail(), Some("first"));
    assert_eq!((first.calls(), second.calls()), (1, 0));
}
