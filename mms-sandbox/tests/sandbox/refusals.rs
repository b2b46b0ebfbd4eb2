//! What every operation refuses alike, and in which order.

use serde_json::json;

use crate::http_client::{CHILDREN, Request, a_create, a_create_with, sandbox};

#[tokio::test]
async fn a_path_id_that_is_no_whole_number_from_1_is_refused() {
    let sandbox = sandbox().await;
    for id in ["0", "-1", "abc", "1.5", "%2B11", "11%20", "18446744073709551616", "9223372036854775808"] {
        let mistakes = Request::get(&format!("/organizations/{id}")).send(&sandbox).await.mistakes();
        assert_eq!(mistakes.len(), 1);
        assert!(mistakes[0].starts_with("Invalid value of parameter 'organizationId': "), "{mistakes:?}");
    }
    let request = Request::new("PATCH", "/organizations/x/managed-organizations/y").json(&json!({}));
    assert_eq!(
        request.send(&sandbox).await.mistakes(),
        [
            "Invalid value of parameter 'organizationId': \"x\" is not an id: expected a whole number from 1.",
            "Invalid value of parameter 'childOrganizationId': \"y\" is not an id: expected a whole number from 1.",
        ]
    );
}

#[tokio::test]
async fn a_path_that_is_no_utf8_is_refused() {
    let sandbox = sandbox().await;
    let answer = Request::get("/organizations/%ff").send(&sandbox).await;
    answer.refusal(400, "Bad Request", Some("SC400"));
}

#[tokio::test]
async fn a_body_that_is_not_called_json_is_refused() {
    let sandbox = sandbox().await;
    let create = || Request::new("POST", CHILDREN).text(&a_create().to_string());
    let unnamed = create().send(&sandbox).await;
    assert_eq!(
        unnamed.refusal(415, "Unsupported Media Type", None),
        "The body must be JSON and say so: Content-Type: application/json."
    );
    for media_type in ["text/plain", "application/xml", "application/jsonx", "json", "", "text/application/json"] {
        let answer = create().header("Content-Type", media_type).send(&sandbox).await;
        answer.refusal(415, "Unsupported Media Type", None);
    }
    for media_type in ["application/json; charset=utf-8", "Application/JSON"] {
        create().header("Content-Type", media_type).send(&sandbox).await.success();
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused_with_the_place_of_the_mistake() {
    let sandbox = sandbox().await;
    for (body, mistake) in [
        ("", "EOF while parsing a value at line 1 column 0"),
        ("{\n  \"operations\": }", "expected value at line 2 column 17"),
        ("{} {}", "trailing characters at line 1 column 4"),
    ] {
        let request = Request::new("POST", CHILDREN).text(body).header("Content-Type", "application/json");
        let detail = request.send(&sandbox).await.refusal(400, "Bad Request", Some("SC400"));
        assert_eq!(detail, format!("The body is not valid JSON: {mistake}."));
    }
    let deep = "[".repeat(20_000);
    let request = Request::new("POST", CHILDREN).text(&deep).header("Content-Type", "application/json");
    request.send(&sandbox).await.refusal(400, "Bad Request", Some("SC400"));
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused() {
    let sandbox = sandbox().await;
    for (body, found) in
        [(json!([a_create()]), "an array"), (json!("a"), "a text"), (json!(7), "7"), (json!(null), "null")]
    {
        let answer = Request::new("POST", CHILDREN).json(&body).send(&sandbox).await;
        let detail = answer.refusal(400, "Bad Request", Some("SC400"));
        assert_eq!(detail, format!("The body must be a JSON object, found {found}."));
    }
}

#[tokio::test]
async fn a_body_of_64_kib_is_read_and_a_larger_one_is_not() {
    let sandbox = sandbox().await;
    let empty = a_create_with("padding", json!("")).to_string().len();
    for (length, status) in [(65_536, 200), (65_537, 413), (900_000, 413)] {
        let body = a_create_with("padding", json!("x".repeat(length - empty)));
        assert_eq!(body.to_string().len(), length);
        let answer = Request::new("POST", CHILDREN).json(&body).send(&sandbox).await;
        assert_eq!(answer.status, status);
        if status == 413 {
            assert_eq!(answer.refusal(413, "Payload Too Large", None), "The body is larger than 65536 bytes.");
        }
    }
}

#[tokio::test]
async fn an_unknown_path_is_not_found() {
    let sandbox = sandbox().await;
    for target in ["/", "/api/v2", "/api/v2/", "/api/v1/organizations/11", "/api/v2/organizations/11/", "/api/v2/enums"]
    {
        let detail = Request::bare("GET", target).send(&sandbox).await.refusal(404, "Not Found", None);
        assert_eq!(detail, format!("There is nothing at {target}."));
    }
}

#[tokio::test]
async fn a_wrong_method_is_refused_with_the_right_ones_before_the_token_is_read() {
    let sandbox = sandbox().await;
    let children = format!("/api/v2{CHILDREN}");
    for (method, target, allowed) in [
        ("DELETE", children.as_str(), "GET,HEAD,POST"),
        ("GET", &format!("{children}/101"), "PATCH"),
        ("POST", &format!("{children}-consumption"), "GET,HEAD"),
        ("POST", "/api/v2/organizations", "GET,HEAD"),
        ("PUT", "/api/v2/organizations/11", "GET,HEAD"),
        ("DELETE", "/api/v2/users/me", "GET,HEAD"),
        ("POST", "/api/v2/users/me/current-authorization", "GET,HEAD"),
        ("OPTIONS", "/api/v2/enums/countries", "GET,HEAD"),
        ("POST", "/openapi.json", "GET,HEAD"),
    ] {
        let answer = Request::bare(method, target).send(&sandbox).await;
        let detail = answer.refusal(405, "Method Not Allowed", None);
        assert_eq!(detail, format!("{target} does not take {method}."));
        assert_eq!(answer.headers["allow"], allowed);
    }
}

#[tokio::test]
async fn checks_come_in_order_token_path_media_type_body_owner_and_state() {
    let sandbox = sandbox().await;
    let mut request = Request::new("PATCH", "/organizations/x/managed-organizations/1").without("Authorization");
    assert_eq!(request.send(&sandbox).await.status, 401);
    request = Request::new("PATCH", "/organizations/x/managed-organizations/1").text("{");
    request.send(&sandbox).await.mistakes();
    let foreign = "/organizations/12/managed-organizations/1";
    request = Request::new("PATCH", foreign).text("{");
    assert_eq!(request.send(&sandbox).await.status, 415);
    request = Request::new("PATCH", foreign).json(&json!({ "operations": 1 }));
    assert_eq!(request.send(&sandbox).await.status, 400);
    request = Request::new("PATCH", foreign).json(&json!({ "operations": 10_000 }));
    let detail = request.send(&sandbox).await.refusal(404, "Not Found", None);
    assert_eq!(detail, "There is no organization 12.");
}

#[tokio::test]
async fn the_contract_is_served_without_a_token() {
    let sandbox = sandbox().await;
    let contract = Request::bare("GET", "/openapi.json").send(&sandbox).await.success();
    assert_eq!(contract["openapi"], "3.0.3");
    assert!(contract["paths"]["/organizations/{organizationId}/managed-organizations"]["post"].is_object());
}
