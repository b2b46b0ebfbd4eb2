//! Rust from the contract: the client, the mocks, the table of operations.

use std::fmt;

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl};
use quote::quote;
use syn::visit_mut::VisitMut;

use crate::contract::Contract;
use crate::rewrite;
use crate::rules::BASE_PATH;

/// Returns the formatted source of the client.
///
/// It is meant to be included in a crate with a module `runtime` that has the surface of `progenitor_client`, and a type
/// `crate::settings::Settings` that the client carries.
pub fn client_source(contract: &Contract) -> Result<String, GenerateError> {
    let mut settings = settings();
    settings.with_inner_type(quote!(crate::settings::Settings)).with_hooks(HooksMode::Expected);
    let tokens = Generator::new(&settings).generate_tokens(contract.openapi()).map_err(GenerateError::Progenitor)?;
    format(tokens, &mut rewrite::Client)
}

/// Returns the formatted source of the typed httpmock layer; `client` is the crate of the client.
pub fn mocks_source(contract: &Contract, client: &str) -> Result<String, GenerateError> {
    let tokens = Generator::new(&settings()).httpmock(contract.openapi(), client).map_err(GenerateError::Progenitor)?;
    format(tokens, &mut rewrite::Mocks { base_path: BASE_PATH })
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

fn format(tokens: impl quote::ToTokens, rewrite: &mut impl VisitMut) -> Result<String, GenerateError> {
    let mut file: syn::File = syn::parse2(tokens.into_token_stream()).map_err(GenerateError::Syntax)?;
    rewrite.visit_file_mut(&mut file);
    Ok(prettyplease::unparse(&file))
}

/// Says why no Rust came out of a contract.
#[derive(Debug)]
pub enum GenerateError {
    /// progenitor cannot take the document.
    Progenitor(progenitor::Error),
    /// progenitor's output is no Rust.
    Syntax(syn::Error),
}

impl fmt::Display for GenerateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Progenitor(error) => write!(formatter, "progenitor cannot take the document: {error}"),
            Self::Syntax(error) => write!(formatter, "progenitor's output is no Rust: {error}"),
        }
    }
}

impl std::error::Error for GenerateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Progenitor(error) => Some(error),
            Self::Syntax(error) => Some(error),
        }
    }
}
