//! Address of the client, handed to the control side as a request extension.

use std::net::SocketAddr;

/// The address of the client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PeerAddress(pub(crate) SocketAddr);
