//! Tests of operations that would vanish from the generated code, or keep it from being generated or compiled.

use serde_json::{Value, json};

use crate::{breaks, changed, contract, remove, zones};
use mms_codegen::{Contract, DocumentKind, client_source, mocks_source};

const LIST: &str = "/organizations/{organizationId}/managed-organizations";

fn moved(document: &mut Value, path: &str) {
    let item = remove(&mut document["paths"], "/enums/imt-zones");
    document["paths"][path] = item;
}

fn query(name: &str) -> Value {
    json!({
        "name": name, "in": "query", "description": "d", "example": 1,
        "schema": {"$ref": "#/components/schemas/PageLimit"},
    })
}

#[test]
fn a_reference_names_a_component_of_the_kind_that_is_expected() {
    let schema = "$ref \"#/components/responses/server_error\" is not #/components/schemas/ and a name";
    let parameter = "$ref \"#/components/examples/access_denied\" is not #/components/parameters/ and a name";
    breaks(&format!("GET /enums/imt-zones responses/200/content/application/json/schema: {schema}"), |it| {
        zones(it)["responses"]["200"]["content"]["application/json"]["schema"]["$ref"] =
            "#/components/responses/server_error".into();
    });
    breaks(
        "GET /enums/imt-zones responses/200/content/application/json/schema: $ref \
         \"#/components/schemas/ZoneList/properties/imtZones\" is not #/components/schemas/ and a name",
        |it| {
            zones(it)["responses"]["200"]["content"]["application/json"]["schema"]["$ref"] =
                "#/components/schemas/ZoneList/properties/imtZones".into();
        },
    );
    breaks(&format!("schema Zone properties/id: {schema}"), |it| {
        it["components"]["schemas"]["Zone"]["properties"]["id"]["$ref"] = "#/components/responses/server_error".into();
    });
    let document = changed(|it| {
        zones(it)["parameters"] = json!([{"$ref": "#/components/examples/access_denied"}]);
    });
    let error = Contract::from_document(DocumentKind::CONTRACT, document).unwrap_err().to_string();
    assert!(error.contains(&format!("GET /enums/imt-zones parameters/0: {parameter}")), "{error}");
}

#[test]
fn a_component_is_no_reference_to_another() {
    breaks(
        "components/parameters/limit: a component that is only a $ref: refer to \"#/components/parameters/pageLimit\" \
         itself",
        |it| {
            it["components"]["parameters"]["limit"] = json!({"$ref": "#/components/parameters/pageLimit"});
            it["paths"][LIST]["get"]["parameters"][0]["$ref"] = "#/components/parameters/limit".into();
        },
    );
}

#[test]
fn a_body_has_no_encoding() {
    breaks(
        "GET /enums/imt-zones responses/200/content/application/json: encoding, which progenitor does not take",
        |it| zones(it)["responses"]["200"]["content"]["application/json"]["encoding"] = json!({}),
    );
}

#[test]
fn a_schema_has_one_of_the_six_types() {
    let expected = "type \"strin\" is none of array, boolean, integer, number, object, string";
    breaks(&format!("schema Zone properties/name: {expected}"), |it| {
        it["components"]["schemas"]["Zone"]["properties"]["name"] = json!({"type": "strin"});
    });
}

#[test]
fn a_path_starts_with_a_slash_and_has_no_empty_segment() {
    let slash = "the path does not start with a slash, so no program sees it";
    breaks(&format!("enums/imt-zones: {slash}"), |it| moved(it, "enums/imt-zones"));
    breaks("/enums//zones: the path has an empty segment, which progenitor leaves out", |it| {
        moved(it, "/enums//zones");
    });
    breaks("/organizations/{organizationId}/{organizationId}: the path has one parameter twice", |it| {
        let item = remove(&mut it["paths"], "/organizations/{organizationId}");
        it["paths"]["/organizations/{organizationId}/{organizationId}"] = item;
    });
    breaks("/enums/zones?all: the path has a character that is no letter, digit or one of - . _ ~", |it| {
        moved(it, "/enums/zones?all");
    });
}

#[test]
fn nothing_in_a_path_item_is_passed_over() {
    let methods = "methods are get, put, post, delete, patch, head, in lower case";
    for key in ["GET", "fetch"] {
        breaks(&format!("/enums/imt-zones: {key:?} is no key of a path: {methods}"), |it| {
            it["paths"]["/enums/imt-zones"][key] = zones(it).clone();
        });
    }
    breaks("/enums/more: the path is a $ref, which progenitor does not follow", |it| {
        it["paths"]["/enums/more"] = json!({"$ref": "#/paths/~1enums~1imt-zones"});
    });
    breaks("/enums/more: the path has no operation", |it| it["paths"]["/enums/more"] = json!({"x-note": 1}));
}

#[test]
fn a_method_is_one_that_progenitor_generates() {
    for method in ["options", "trace"] {
        breaks(&format!("/enums/imt-zones: progenitor generates no {method}"), |it| {
            let mut operation = zones(it).clone();
            operation["operationId"] = "ask_zones".into();
            operation["x-operation-kind"] = "absolute_write".into();
            it["paths"]["/enums/imt-zones"][method] = operation;
        });
    }
}

#[test]
fn two_paths_are_two_routes() {
    breaks(
        "/organizations/{organizationId}: the same route as /organizations/{id}: only the names of the parameters differ",
        |it| {
            let mut item = it["paths"]["/organizations/{organizationId}"].clone();
            item["get"]["operationId"] = "get_other".into();
            item["parameters"] = json!([it["components"]["parameters"]["organizationId"].clone()]);
            item["parameters"][0]["name"] = "id".into();
            it["paths"]["/organizations/{id}"] = item;
        },
    );
}

#[test]
fn servers_are_those_of_the_document() {
    let expected = "servers of its own: the client calls those of the document alone";
    let servers = json!([{"url": "https://example.com"}]);
    breaks(&format!("/enums/imt-zones: {expected}"), |it| {
        it["paths"]["/enums/imt-zones"]["servers"] = servers.clone();
    });
    breaks(&format!("GET /enums/imt-zones: {expected}"), |it| zones(it)["servers"] = servers.clone());
}

#[test]
fn an_operation_id_is_no_name_of_the_generated_client() {
    for id in [
        "new",
        "builder",
        "client",
        "readable",
        "clone",
        "error",
        "response_value",
        "client_info",
        "client_hooks",
        "operation_info",
        "byte_stream",
        "request_builder_ext",
        "result",
        "string",
    ] {
        breaks(&format!("GET /enums/imt-zones: operationId {id:?} is a name of the generated client's own"), |it| {
            zones(it)["operationId"] = id.into();
        });
    }
}

/// The module of the builders sees what the generated file imports: an operation of such a name would hide it.
#[test]
fn every_name_that_the_builders_import_is_taken() {
    let file = syn::parse_file(&client_source(&contract()).unwrap()).unwrap();
    let builders = file.items.iter().find_map(|item| match item {
        syn::Item::Mod(module) if module.ident == "builder" => module.content.as_ref(),
        _ => None,
    });
    let mut imported = Vec::new();
    for item in &builders.unwrap().1 {
        if let syn::Item::Use(item) = item {
            names(&item.tree, &mut imported);
        }
    }
    imported.retain(|name| name.starts_with(char::is_uppercase));
    assert_eq!(imported.len(), 7, "{imported:?}");
    for name in imported {
        let mut id = String::new();
        for letter in name.chars() {
            if letter.is_uppercase() && !id.is_empty() {
                id.push('_');
            }
            id.push(letter.to_ascii_lowercase());
        }
        breaks(&format!("GET /enums/imt-zones: operationId {id:?} is a name of the generated client's own"), |it| {
            zones(it)["operationId"] = id.as_str().into();
        });
    }
}

fn names(tree: &syn::UseTree, found: &mut Vec<String>) {
    match tree {
        syn::UseTree::Path(path) => names(&path.tree, found),
        syn::UseTree::Name(name) => found.push(name.ident.to_string()),
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| names(tree, found)),
        syn::UseTree::Rename(_) | syn::UseTree::Glob(_) => {}
    }
}

#[test]
fn two_parameters_do_not_share_a_method_of_the_builder() {
    for name in ["pg_limit", "body", "new", "send", "into_inner", "intoInner", "header_map"] {
        let parameter = query(name);
        breaks(
            &format!("GET {LIST}: parameter {name:?}: the generated builder has a method of this name already"),
            |it| it["paths"][LIST]["get"]["parameters"].as_array_mut().unwrap().push(parameter),
        );
    }
    breaks(&format!("GET {LIST}: parameter \"[]\": the name does not start with a letter"), |it| {
        it["paths"][LIST]["get"]["parameters"].as_array_mut().unwrap().push(query("[]"));
    });
}

#[test]
fn a_header_that_the_client_sets_is_no_parameter() {
    for name in ["Authorization", "api-version", "User-Agent", "content-type"] {
        let mut parameter = query(name);
        parameter["in"] = "header".into();
        breaks(&format!("GET /enums/imt-zones: parameter {name:?}: the client sets this header itself"), |it| {
            zones(it)["parameters"] = json!([parameter]);
        });
    }
}

#[test]
fn a_schema_at_which_the_generator_panics_is_named() {
    let document = changed(|it| {
        it["components"]["schemas"]["ZoneId"] = json!({"type": "integer", "pattern": "x", "exclusiveMinimum": true});
    });
    let contract = Contract::from_document(DocumentKind::CONTRACT, document).unwrap();
    let expected = "schema ZoneId: progenitor panics: not yet implemented: exclusive_minimum set without minimum";
    for source in [client_source(&contract), mocks_source(&contract, "mms_client")] {
        assert_eq!(source.err().map(|error| error.to_string()).as_deref(), Some(expected));
    }
}

#[test]
fn an_operation_at_which_the_generator_panics_is_named() {
    let document = changed(|it| zones(it)["x-dropshot-websocket"] = true.into());
    let contract = Contract::from_document(DocumentKind::CONTRACT, document).unwrap();
    let error = client_source(&contract).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(error.starts_with("GET /enums/imt-zones: progenitor "), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}
