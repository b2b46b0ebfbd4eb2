//! The same generated code as the finished client's, without its hooks: what progenitor alone would give.

use std::time::Duration;

use mms_types::{ChildOrganizationList, OrganizationId};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

use crate::settings::Settings;
use crate::{Fault, TOKEN};

/// What the constructor of progenitor's clients sets, for the connection and for the whole request.
const TIMEOUT: Duration = Duration::from_secs(15);

mod code {
    #![allow(
        warnings,
        missing_docs,
        unreachable_pub,
        clippy::all,
        clippy::pedantic,
        clippy::unwrap_used,
        reason = "generated code"
    )]

    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

impl crate::runtime::ClientHooks<Settings> for code::Client {}

/// The generated client alone.
pub struct Generated(code::Client);

impl Generated {
    /// Returns a client for a root of the API.
    pub fn new(base_url: &str) -> Result<Self, Fault> {
        let mut authorization = HeaderValue::from_str(&format!("Token {TOKEN}"))?;
        authorization.set_sensitive(true);
        let http = reqwest::Client::builder()
            .user_agent("generated/1.0")
            .connect_timeout(TIMEOUT)
            .timeout(TIMEOUT)
            .no_proxy()
            .default_headers(HeaderMap::from_iter([(AUTHORIZATION, authorization)]))
            .build()?;
        Ok(Self(code::Client::new_with_client(base_url, http, Settings)))
    }

    /// Reads the list of children.
    pub async fn children(&self, organization_id: OrganizationId) -> Result<ChildOrganizationList, Fault> {
        Ok(self.0.list_child_organizations().organization_id(organization_id).send().await?.into_inner())
    }
}
