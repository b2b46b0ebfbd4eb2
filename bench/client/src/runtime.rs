//! What the generated code calls at run time: progenitor's own runtime, with hooks that do nothing.

pub use progenitor_client::{
    ByteStream, ClientHooks, ClientInfo, OperationInfo, QueryParam, RequestBuilderExt, ResponseValue, encode_path,
};

/// Every refusal of the contract has the same body.
pub type Error = progenitor_client::Error<mms_types::ApiError>;

pub(crate) fn refused_value(_: &str, reason: String) -> Error {
    Error::InvalidRequest(reason)
}

pub(crate) fn unbuilt_request(_: &str, error: reqwest::Error) -> Error {
    error.into()
}
