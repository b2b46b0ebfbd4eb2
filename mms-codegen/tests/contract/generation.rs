//! Tests of the generated client, mocks and table of operations.

use mms_codegen::{Contract, DocumentKind, client_source, mocks_source, operations_source, servers_source};

use crate::{changed, contract};

#[test]
fn the_client_has_no_constructor_that_panics_or_skips_the_settings() {
    let source = client_source(&contract()).unwrap();
    let file = syn::parse_file(&source).unwrap();
    let functions = file.items.iter().filter_map(|item| match item {
        syn::Item::Impl(item) if item.trait_.is_none() => Some(&item.items),
        _ => None,
    });
    let constructors: Vec<&syn::ImplItemFn> = functions
        .flatten()
        .filter_map(|item| match item {
            syn::ImplItem::Fn(function) if function.sig.ident.to_string().starts_with("new") => Some(function),
            _ => None,
        })
        .collect();
    let names: Vec<String> = constructors.iter().map(|function| function.sig.ident.to_string()).collect();
    assert_eq!(names, ["new_with_client"]);
    assert!(matches!(constructors[0].vis, syn::Visibility::Restricted(_)));
    assert!(!source.contains("Client::new("), "a call of the constructor that is gone");
    assert!(!source.contains(".unwrap()"), "an unwrap in {source}");
}

#[test]
fn the_client_calls_the_runtime_of_its_crate_alone() {
    let source = client_source(&contract()).unwrap();
    assert!(!source.contains("progenitor_client"), "{source}");
    assert!(source.contains("crate::runtime::"));
}

#[test]
fn the_mocks_match_with_and_without_the_base_path() {
    let source = mocks_source(&contract(), "mms_client").unwrap();
    assert!(source.contains("\"^(?:/api/v2)?/enums/countries$\""));
    assert!(source.contains("\"^(?:/api/v2)?/organizations/{}$\""));
    assert!(!source.contains("\"^/"), "a pattern that misses under the base path");
}

#[test]
fn a_new_operation_of_the_document_appears_in_client_mocks_and_table() {
    let document = changed(|document| {
        let mut operation = document["paths"]["/enums/imt-zones"]["get"].clone();
        operation["operationId"] = "list_languages".into();
        operation["x-required-scopes"] = ["languages:read"].into_iter().collect();
        document["paths"]["/enums/languages"]["get"] = operation;
    });
    let contract = Contract::from_document(DocumentKind::CONTRACT, document).unwrap();
    assert!(client_source(&contract).unwrap().contains("pub fn list_languages(&self) -> builder::ListLanguages<'_>"));
    assert!(mocks_source(&contract, "mms_client").unwrap().contains("fn list_languages<F>"));
    let row = "Operation { id: \"list_languages\", method: \"GET\", path: \"/enums/languages\", \
               kind: OperationKind::Read, scopes: &[\"languages:read\"] },";
    assert!(operations_source(&contract).contains(row), "{}", operations_source(&contract));
}

#[test]
fn generation_is_deterministic() {
    let (first, second) = (contract(), contract());
    assert_eq!(client_source(&first).unwrap(), client_source(&second).unwrap());
    assert_eq!(mocks_source(&first, "mms_client").unwrap(), mocks_source(&second, "mms_client").unwrap());
    assert_eq!(operations_source(&first), operations_source(&second));
}

#[test]
fn the_six_servers_are_known() {
    let source = servers_source(&contract());
    assert_eq!(source.matches("https://").count(), 6, "{source}");
    assert!(source.contains("\"https://us1.make.celonis.com/api/v2\""), "{source}");
}
