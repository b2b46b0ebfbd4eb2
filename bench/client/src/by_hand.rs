//! The same request by hand: hyper on one connection, with the same types decoded by `serde_json`.

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{ACCEPT, AUTHORIZATION, HOST, USER_AGENT};
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use mms_types::{ChildOrganizationList, OrganizationId};
use tokio::net::TcpStream;

use crate::{Fault, TOKEN};

/// One connection, without a pool, timeouts, errors that say more, or a second try.
pub struct ByHand {
    connection: SendRequest<Empty<Bytes>>,
    host: String,
    path: String,
}

impl ByHand {
    /// Connects to a root of the API.
    pub async fn connect(base_url: &str) -> Result<Self, Fault> {
        let uri: Uri = base_url.parse()?;
        let host = uri.authority().ok_or("no host")?.to_string();
        let stream = TcpStream::connect(&host).await?;
        stream.set_nodelay(true)?;
        let (connection, driver) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(driver);
        Ok(Self { connection, host, path: uri.path().to_owned() })
    }

    /// Reads the list of children.
    pub async fn children(&mut self, organization_id: OrganizationId) -> Result<ChildOrganizationList, Fault> {
        let request = Request::get(format!("{}/organizations/{organization_id}/managed-organizations", self.path))
            .header(HOST, &self.host)
            .header(AUTHORIZATION, format!("Token {TOKEN}"))
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, "by-hand/1.0")
            .body(Empty::new())?;
        self.connection.ready().await?;
        let response = self.connection.send_request(request).await?;
        if !response.status().is_success() {
            return Err(response.status().as_str().into());
        }
        let body = response.into_body().collect().await?.to_bytes();
        Ok(serde_json::from_slice(&body)?)
    }
}
