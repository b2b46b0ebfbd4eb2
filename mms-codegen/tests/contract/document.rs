//! Tests of the rules for what stands around the operations: security, media types, examples.

use serde_json::json;

use crate::{breaks, remove, zones};

#[test]
fn a_document_asks_for_a_token() {
    for empty in [json!([]), json!([{}])] {
        let expected = if empty == json!([]) {
            "the document asks for no token"
        } else {
            "a requirement names no security scheme"
        };
        breaks(&format!("security: {expected}"), |it| it["security"] = empty);
    }
    breaks("security: the document asks for no token", |it| {
        remove(it, "security");
    });
}

#[test]
fn security_names_schemes_of_the_document() {
    breaks("security: \"apiTokn\" is no security scheme of the document", |it| {
        it["security"] = json!([{"apiTokn": []}]);
    });
    breaks("GET /enums/imt-zones security: \"apiTokn\" is no security scheme of the document", |it| {
        zones(it)["security"] = json!([{"apiTokn": []}]);
    });
    breaks(
        "components/securitySchemes: the document has no security scheme\n\
         security: \"apiToken\" is no security scheme of the document",
        |it| {
            remove(&mut it["components"], "securitySchemes");
        },
    );
}

#[test]
fn a_text_is_a_string_or_has_a_named_schema() {
    let expected = "the schema is neither a $ref to a named one nor type: string";
    for schema in [json!({"type": "object", "properties": {}}), json!({"type": "string", "properties": {}}), json!({})]
    {
        breaks(&format!("GET /enums/imt-zones responses/5XX/content/text/html: {expected}"), |it| {
            let mut response = it["components"]["responses"]["server_error"].clone();
            response["content"]["text/html"]["schema"] = schema;
            zones(it)["responses"]["5XX"] = response;
        });
    }
    breaks(&format!("GET /enums/imt-zones responses/5XX/content/text/html: {expected}"), |it| {
        let mut response = it["components"]["responses"]["server_error"].clone();
        remove(&mut response["content"]["text/html"], "schema");
        zones(it)["responses"]["5XX"] = response;
    });
}

#[test]
fn an_example_has_a_value() {
    breaks("components/examples/access_denied: the example has no value", |it| {
        remove(&mut it["components"]["examples"]["access_denied"], "value");
    });
    breaks(
        "GET /enums/imt-zones responses/200/content/application/json/examples/more: the example has no value",
        |it| {
            zones(it)["responses"]["200"]["content"]["application/json"]["examples"]["more"] = json!({"summary": "s"});
        },
    );
}
