//! Contract tests: what the client sends and reads, what the types and the document say, what the sandbox answers.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test at the right line")]

mod agreement;
mod answers;
mod calls;
mod cancellation;
mod careful_writes;
mod codegen;
mod control_side;
mod examples;
mod exchange;
mod faults;
mod kept_files;
mod mocks;
mod organizations;
mod paging;
mod predicates;
mod raw;
mod refusals;
mod requests;
mod requests_of_writes;
mod sandbox;
mod sandbox_answers;
mod secrecy;
mod tolerance;
mod traces;
mod wire_table;
mod with_consumption;
