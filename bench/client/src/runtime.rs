//! What the generated code calls at run time: progenitor's own runtime, with hooks that do nothing.

use crate::settings::Settings;

pub use progenitor_client::{
    ByteStream, ClientHooks, ClientInfo, OperationInfo, QueryParam, RequestBuilderExt, ResponseValue, encode_path,
};

/// Every refusal of the contract has the same body.
pub type Error = progenitor_client::Error<mms_types::ApiError>;

/// Returns the address of an operation, which reqwest reads with every call.
pub(crate) fn url(client: &impl ClientInfo<Settings>, path: &str) -> String {
    format!("{}{path}", client.baseurl())
}
