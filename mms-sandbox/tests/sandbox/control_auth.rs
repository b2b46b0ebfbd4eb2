//! Authentication of the control side, and what it refuses before an operation begins.

use mms_sandbox::{RequestFilter, SEED_TOKEN};
use serde_json::{Value, json};

use crate::fixtures::fail;
use crate::http_client::{Request, sandbox};

/// Every operation of the control side, by its method and path, with the example of its body.
fn operations() -> Vec<(String, String, Option<Value>)> {
    let document: Value = serde_json::from_str(include_str!("../../../openapi/sandbox.json")).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "put", "post", "delete"] {
            let operation = &item[method];
            if operation.is_object() {
                let path = path.replace("{childOrganizationId}", "101").replace("{faultId}", "1");
                let body = operation.get("requestBody").map(|_| json!({}));
                operations.push((method.to_uppercase(), path, body));
            }
        }
    }
    assert_eq!(operations.len(), 20);
    operations
}

#[tokio::test]
async fn every_operation_without_the_control_token_is_refused() {
    let sandbox = sandbox().await;
    let named = "The header Authorization must read: Token, a space, the control token.";
    let wrong = "This is not the control token of this sandbox.";
    for (method, path, body) in operations() {
        for (authorization, expected) in [
            (None, named),
            (Some(format!("Bearer {}", sandbox.control_token())), named),
            (Some(sandbox.control_token().to_owned()), named),
            (Some(format!("Token {SEED_TOKEN}")), wrong),
            (Some("Token 0123456789abcdef0123456789abcdef".to_owned()), wrong),
        ] {
            let mut request = Request::bare(&method, &format!("/_sandbox{path}"));
            if let Some(body) = &body {
                request = request.json(body);
            }
            if let Some(authorization) = &authorization {
                request = request.header("Authorization", authorization);
            }
            let answer = request.send(&sandbox).await;
            assert_eq!(answer.refusal(401, "Unauthorized", None), expected, "{method} {path} {authorization:?}");
            assert_eq!(answer.headers["www-authenticate"], "Token");
        }
    }
}

#[tokio::test]
async fn the_control_token_does_not_open_the_api() {
    let sandbox = sandbox().await;
    let request = Request::get("/organizations/11").token(sandbox.control_token());
    request.send(&sandbox).await.refusal(401, "Unauthorized", Some("IM102"));
}

#[tokio::test]
async fn the_control_token_is_drawn_anew_unless_one_is_given() {
    let (one, other) = (sandbox().await, sandbox().await);
    assert_ne!(one.control_token(), other.control_token());
    let given = mms_sandbox::Sandbox::builder().control_token("given").start().await.unwrap();
    Request::bare("GET", "/_sandbox/clock").token("given").send(&given).await.success();
}

#[tokio::test]
async fn the_document_is_there_without_a_token() {
    let sandbox = sandbox().await;
    let document = Request::bare("GET", "/_sandbox/openapi.json").send(&sandbox).await.success();
    assert_eq!(document["openapi"], "3.0.3");
    assert!(document["paths"]["/clock/advance"]["post"].is_object());
}

#[tokio::test]
async fn a_wrong_method_is_refused_with_the_right_ones() {
    let sandbox = sandbox().await;
    for (method, path, allowed) in [
        ("POST", "/state", "GET,HEAD,PUT"),
        ("GET", "/reset", "POST"),
        ("DELETE", "/clock", "GET,HEAD,PUT"),
        ("PATCH", "/faults", "GET,HEAD,POST,DELETE"),
        ("POST", "/openapi.json", "GET,HEAD"),
    ] {
        let answer = Request::control(&sandbox, method, path).send(&sandbox).await;
        let detail = answer.refusal(405, "Method Not Allowed", None);
        assert_eq!(detail, format!("/_sandbox{path} does not take {method}."));
        assert_eq!(answer.headers["allow"], allowed);
    }
}

#[tokio::test]
async fn an_unknown_path_is_not_found() {
    let sandbox = sandbox().await;
    for path in ["/", "/nowhere", "/clock/", "/children", "/faults/1/2"] {
        let detail = Request::control(&sandbox, "GET", path).send(&sandbox).await.refusal(404, "Not Found", None);
        assert_eq!(detail, format!("There is nothing at /_sandbox{path}."));
    }
}

#[tokio::test]
async fn a_body_that_does_not_say_what_it_is_is_refused() {
    let sandbox = sandbox().await;
    let json = "The body must be JSON and say so: Content-Type: application/json.";
    let either = "The body must be JSON or YAML and say so: Content-Type: application/json or application/yaml.";
    for (method, path, body) in operations() {
        if body.is_none() {
            continue;
        }
        for media_type in ["text/plain", "application/yaml"] {
            let expected = match (path.as_str(), media_type) {
                ("/state", "application/yaml") => continue,
                ("/state", _) => either,
                _ => json,
            };
            let request = Request::control(&sandbox, &method, &path).text("{}").header("Content-Type", media_type);
            let answer = request.send(&sandbox).await;
            assert_eq!(answer.refusal(415, "Unsupported Media Type", None), expected, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_mistake_in_a_body_is_told_with_its_place() {
    let sandbox = sandbox().await;
    for (method, path, body, expected) in [
        ("PUT", "/clock", "{\n  \"frozen\": }", "expected value at line 2 column 13"),
        ("POST", "/clock/advance", "{\"second\":1}", "unknown field `second`, expected `seconds` at line 1 column 9"),
        ("POST", "/clock/advance", "", "EOF while parsing a value at line 1 column 0"),
        ("POST", "/clock/advance", "{}", "missing field `seconds` at line 1 column 2"),
        ("PUT", "/state", "{\"distributors\":[]} x", "trailing characters at line 1 column 21"),
    ] {
        let request = Request::control(&sandbox, method, path).text(body).header("Content-Type", "application/json");
        let detail = request.send(&sandbox).await.refusal(400, "Bad Request", None);
        assert_eq!(detail, format!("The body cannot be read: {expected}."));
    }
    for (rule, field) in [
        (json!({ "kind": "close_after", "times": 1 }), "kind"),
        (json!({ "action": { "kind": "server_error" }, "status": 503 }), "status"),
    ] {
        let answer = Request::control(&sandbox, "POST", "/faults").json(&rule).send(&sandbox).await;
        let detail = answer.refusal(400, "Bad Request", None);
        assert!(detail.ends_with(&format!(": `{field}` belongs into `action`.")), "{detail}");
    }
    for (method, path, body) in [
        ("PUT", "/behaviour", json!({ "colour": 1 })),
        ("POST", "/children/101/consumption", json!({ "colour": 1 })),
        ("PUT", "/children/101/usage", json!({ "shape": "steady", "centicreditsPerDay": "1", "colour": 1 })),
        ("POST", "/faults", json!({ "action": { "kind": "close_after", "colour": 1 } })),
        ("PUT", "/state", json!({ "distributors": [{ "organizationId": 1, "operations": 0, "colour": 1 }] })),
    ] {
        let answer = Request::control(&sandbox, method, path).json(&body).send(&sandbox).await;
        let detail = answer.refusal(400, "Bad Request", None);
        assert!(detail.contains("unknown field `colour`") && detail.contains("line 1 column"), "{detail}");
    }
}

#[tokio::test]
async fn a_path_id_that_is_no_whole_number_from_1_is_refused() {
    let sandbox = sandbox().await;
    for (method, path, name) in [
        ("GET", "/children/{}", "childOrganizationId"),
        ("DELETE", "/children/{}/usage", "childOrganizationId"),
        ("GET", "/faults/{}", "faultId"),
        ("DELETE", "/faults/{}", "faultId"),
    ] {
        for id in ["0", "-1", "x", "1.5", "%2B1", "18446744073709551616"] {
            let answer = Request::control(&sandbox, method, &path.replace("{}", id)).send(&sandbox).await;
            answer.refusal(400, "Bad Request", None);
            let message = answer.body["suberrors"][0]["message"].as_str().unwrap();
            assert!(message.starts_with(&format!("Invalid value of parameter '{name}': ")), "{message}");
        }
    }
}

#[tokio::test]
async fn a_large_body_is_for_the_owner_of_the_control_token_alone() {
    let sandbox = sandbox().await;
    let children: Vec<Value> =
        (1..=20_000).map(|number| json!({ "organizationName": format!("Client {number}") })).collect();
    let state = json!({ "distributors": [{ "organizationId": 11, "operations": 0, "children": children }] });
    assert!(state.to_string().len() > 64 * 1024);
    let load = || Request::control(&sandbox, "PUT", "/state").json(&state);
    assert_eq!(load().send(&sandbox).await.success()["children"], 20_000);
    let refused = load().token("wrong").send(&sandbox).await;
    assert_eq!(refused.status, 401);
}

#[tokio::test]
async fn the_control_side_is_not_in_the_log_and_meets_no_fault() {
    let sandbox = sandbox().await;
    let fault = fail(&sandbox, json!({ "action": { "kind": "close_before" } }));
    for path in ["/clock", "/openapi.json", "/requests", "/nowhere"] {
        Request::control(&sandbox, "GET", path).send(&sandbox).await;
    }
    assert_eq!(sandbox.control().requests(&RequestFilter::default()).requests, []);
    assert_eq!(sandbox.control().fault(fault.id).unwrap().matched, 0);
}
