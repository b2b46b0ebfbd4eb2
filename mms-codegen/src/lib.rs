//! The documents at build time: reads them, checks their rules, and runs progenitor over the contract.
//!
//! Three callers must agree on what a valid document is and on what is generated from it: the build script of
//! `mms-client`, the build script of `tests`, and `cargo xtask codegen`. None of this is part of a running program.

mod build_script;
mod contract;
mod generate;
mod operation;
mod panics;
mod piece;
mod place;
mod plain_words;
mod rewrite;
mod rules;
mod shape;
mod side;

pub use build_script::build_script;
pub use contract::{Contract, ContractError, read_earlier};
pub use generate::{GenerateError, client_source, mocks_source, operations_source, servers_source};
pub use operation::{METHODS, Operation, OperationKind, route, template};
pub use panics::catch_panic;
pub use piece::{Kind, Piece, pieces};
pub use rules::Violation;
pub use side::Side;
