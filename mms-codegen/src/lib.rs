//! The contract at build time: reads it, checks its rules and runs progenitor over it.
//!
//! Three callers must agree on what a valid document is and on what is generated from it: the build script of
//! `mms-client`, the build script of `tests`, and `cargo xtask codegen`. None of this is part of a running program.

mod build_script;
mod contract;
mod generate;
mod operation;
mod place;
mod rewrite;
mod rules;

pub use build_script::build_script;
pub use contract::{Contract, ContractError, read_earlier};
pub use generate::{GenerateError, client_source, mocks_source, operations_source, servers_source};
pub use operation::{METHODS, Operation, OperationKind};
pub use rules::Violation;
