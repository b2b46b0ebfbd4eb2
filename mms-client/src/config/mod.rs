//! Configuration: what a client is built from.

pub(crate) mod api_name;
pub(crate) mod base_url;
pub(crate) mod build_error;
pub(crate) mod builder;
pub(crate) mod settings;
pub(crate) mod tls;
pub(crate) mod token;
pub(crate) mod zone;
