//! Generated code: the client, the mocks, the table of operations.

pub(crate) mod panics;
mod rewrite;

use std::fmt;

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl};
use quote::quote;
use serde_json::{Value, json};
use syn::visit_mut::VisitMut;

use crate::document::contract::Contract;
use crate::document::kind::BASE_PATH;
use crate::document::operation::{METHODS, Operation};
use panics::catch_panic;

/// Returns everything that `mms-client` includes, each text under the name of its file: its build script writes it, and
/// `cargo xtask package` puts it into the package in place of that build script.
pub fn client_sources(contract: &Contract) -> Result<Vec<(&'static str, String)>, GenerateError> {
    Ok(vec![
        ("client.rs", client_source(contract)?),
        ("operations.rs", operations_source(contract)),
        ("servers.rs", servers_source(contract)),
        ("version.rs", version_source(contract)),
    ])
}

/// Returns the formatted source of the client.
///
/// It is meant to be included in a crate with a module `runtime` that has the surface of `progenitor_client`, and a type
/// `crate::settings::Settings` that the client carries.
pub fn client_source(contract: &Contract) -> Result<String, GenerateError> {
    located(contract, |openapi| {
        let mut settings = settings();
        settings.with_inner_type(quote!(crate::settings::Settings)).with_hooks(HooksMode::Expected);
        let tokens = Generator::new(&settings).generate_tokens(openapi).map_err(Cause::Progenitor)?;
        format(tokens, &mut rewrite::Client)
    })
}

/// Returns the formatted source of the typed httpmock layer; `client` is the crate of the client.
pub fn mocks_source(contract: &Contract, client: &str) -> Result<String, GenerateError> {
    located(contract, |openapi| {
        let tokens = Generator::new(&settings()).httpmock(openapi, client).map_err(Cause::Progenitor)?;
        format(tokens, &mut rewrite::Mocks { base_path: BASE_PATH })
    })
}

/// Returns the source of an expression of type `&[Operation]`, with what the contract says of each operation.
#[must_use]
pub fn operations_source(contract: &Contract) -> String {
    let entries = contract.operations().iter().map(|operation| {
        format!(
            "    Operation {{ id: {:?}, method: {:?}, path: {:?}, kind: OperationKind::{}, scopes: &{:?} }},\n",
            operation.id,
            operation.method,
            operation.path,
            operation.kind.variant(),
            operation.scopes,
        )
    });
    format!("&[\n{}]\n", entries.collect::<String>())
}

/// Returns the source of an expression of type `&[&str]`, with the URLs of the contract's servers.
#[must_use]
pub fn servers_source(contract: &Contract) -> String {
    let urls: Vec<&str> = contract.openapi().servers.iter().map(|server| server.url.as_str()).collect();
    format!("&{urls:?}\n")
}

/// Returns the source of an expression of type `&str`, with the version of the contract.
fn version_source(contract: &Contract) -> String {
    format!("{:?}\n", contract.openapi().info.version)
}

/// The settings that client and mocks share: builders, and the types of `mms-types` for every schema.
fn settings() -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Builder).with_tag(TagStyle::Merged);
    for name in mms_types::SCHEMA_NAMES {
        let implemented = [TypeImpl::Display, TypeImpl::FromStr].into_iter();
        settings.with_replacement(name, format!("::mms_types::{name}"), implemented);
    }
    settings
}

fn format(tokens: impl quote::ToTokens, rewrite: &mut impl VisitMut) -> Result<String, Cause> {
    let mut file: syn::File = syn::parse2(tokens.into_token_stream()).map_err(Cause::Syntax)?;
    rewrite.visit_file_mut(&mut file);
    Ok(prettyplease::unparse(&file))
}

/// Generates, and where it fails finds out which part of the document is to blame: progenitor names none.
fn located(contract: &Contract, generate: impl Fn(&OpenAPI) -> Result<String, Cause>) -> Result<String, GenerateError> {
    let attempt =
        |openapi: &OpenAPI| catch_panic(|| generate(openapi)).unwrap_or_else(|panic| Err(Cause::Panic(panic)));
    attempt(contract.openapi()).map_err(|cause| {
        let parts = operations_alone(contract).chain(schemas_alone(contract));
        let blamed: Vec<(String, Cause)> = parts
            .filter_map(|(location, document)| {
                let openapi = serde_json::from_value(document).ok()?;
                Some((location, attempt(&openapi).err()?))
            })
            .collect();
        let in_schemas = blamed.iter().any(|(location, _)| location.starts_with("schema "));
        let mut faults: Vec<(String, Cause)> =
            blamed.into_iter().filter(|(location, _)| !in_schemas || location.starts_with("schema ")).collect();
        if faults.is_empty() {
            faults.push(("the document".to_owned(), cause));
        }
        GenerateError { faults }
    })
}

/// Returns, for every operation, its location and the document with that operation alone.
fn operations_alone(contract: &Contract) -> impl Iterator<Item = (String, Value)> {
    contract.operations().iter().map(|Operation { method, path, .. }| {
        let mut document = contract.document().clone();
        let mut item = document["paths"][path].clone();
        if let Some(item) = item.as_object_mut() {
            item.retain(|key, _| !METHODS.contains(&key.as_str()) || key.eq_ignore_ascii_case(method));
        }
        document["paths"] = json!({ path: item });
        (format!("{method} {path}"), document)
    })
}

/// Returns, for every schema, its location and the document without operations where every other schema takes anything.
fn schemas_alone(contract: &Contract) -> impl Iterator<Item = (String, Value)> {
    let schemas = contract.document()["components"]["schemas"].as_object().into_iter().flatten();
    schemas.map(|(name, schema)| {
        let mut document = contract.document().clone();
        document["paths"] = json!({});
        for (other, schema) in document["components"]["schemas"].as_object_mut().into_iter().flatten() {
            if other != name {
                *schema = json!({});
            }
        }
        document["components"]["schemas"][name] = schema.clone();
        (format!("schema {name}"), document)
    })
}

/// Says why no Rust came out of a contract, and which operation or schema is to blame: a line for each.
#[derive(Debug)]
pub struct GenerateError {
    faults: Vec<(String, Cause)>,
}

#[derive(Debug)]
enum Cause {
    /// progenitor cannot take the document.
    Progenitor(progenitor::Error),
    /// progenitor's output is no Rust.
    Syntax(syn::Error),
    /// progenitor panics at the document.
    Panic(String),
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Progenitor(error) => write!(formatter, "progenitor cannot take it: {error}"),
            Self::Syntax(error) => write!(formatter, "progenitor's output is no Rust: {error}"),
            Self::Panic(message) => write!(formatter, "progenitor panics: {message}"),
        }
    }
}

impl fmt::Display for GenerateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.faults.iter().map(|(location, cause)| format!("{location}: {cause}")).collect();
        formatter.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for GenerateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.faults.first() {
            Some((_, Cause::Progenitor(error))) => Some(error),
            Some((_, Cause::Syntax(error))) => Some(error),
            Some((_, Cause::Panic(_))) | None => None,
        }
    }
}
