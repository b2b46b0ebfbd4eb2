//! The documents at build time: reads them, checks their rules, and runs progenitor over the contract.
//!
//! Three callers must agree on what a valid document is and on what is generated from it: the build script of
//! `mms-client`, the build script of `tests`, and `cargo xtask codegen`. No shipped program depends on it.

mod build_script;
mod document;
mod generate;
mod rules;

pub use build_script::build_script;
pub use document::contract::{Contract, ContractError, read_earlier};
pub use document::kind::DocumentKind;
pub use document::node::{Node, NodeKind, nodes};
pub use document::operation::{METHODS, Operation, OperationKind, route, template};
pub use document::violation::Violation;
pub use generate::panics::catch_panic;
pub use generate::{GenerateError, client_source, client_sources, mocks_source, operations_source, servers_source};
