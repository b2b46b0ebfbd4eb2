//! The same request by hand over hyper's own client, which keeps connections in a pool and counts on them to break.

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::header::{ACCEPT, AUTHORIZATION, USER_AGENT};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use mms_types::{ChildOrganizationList, OrganizationId};

use crate::{Fault, TOKEN};

/// A pool of connections, without timeouts, errors that say more, or a second try.
pub struct Pooled {
    client: Client<HttpConnector, Empty<Bytes>>,
    base_url: String,
}

impl Pooled {
    /// Returns a client for a root of the API.
    #[must_use]
    pub fn new(base_url: &str) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).retry_canceled_requests(false).build(connector);
        Self { client, base_url: base_url.to_owned() }
    }

    /// Reads the list of children.
    pub async fn children(&self, organization_id: OrganizationId) -> Result<ChildOrganizationList, Fault> {
        let request = Request::get(format!("{}/organizations/{organization_id}/managed-organizations", self.base_url))
            .header(AUTHORIZATION, format!("Token {TOKEN}"))
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, "pooled/1.0")
            .body(Empty::new())?;
        let response = self.client.request(request).await?;
        if !response.status().is_success() {
            return Err(response.status().as_str().into());
        }
        let body = response.into_body().collect().await?.to_bytes();
        Ok(serde_json::from_slice(&body)?)
    }
}
