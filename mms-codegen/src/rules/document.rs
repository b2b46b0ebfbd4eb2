//! Rules for the whole document: version, servers, security.

use serde_json::Value;

use super::Checker;
use crate::document::kind::{BASE_PATH, Servers};

impl Checker<'_> {
    pub(super) fn info(&mut self) {
        let info = self.document["info"]["version"].as_str().unwrap_or_default();
        if info.is_empty() || !info.chars().all(|character| character.is_ascii_graphic()) {
            self.report("info.version", format!("{info:?} is not visible ASCII: it travels in a header"));
        }
    }

    pub(super) fn servers(&mut self) {
        let servers = self.document["servers"].as_array().map(Vec::as_slice).unwrap_or_default();
        if servers.is_empty() {
            self.report("servers", "the document has no server");
        }
        for server in servers {
            let url = server["url"].as_str().unwrap_or_default();
            match self.kind.servers {
                Servers::Make if !is_below_a_host(url) => {
                    self.report("servers", format!("{url:?} is not https://, a host and {BASE_PATH}"));
                }
                Servers::Only(expected) if url != expected => {
                    self.report("servers", format!("{url:?} is not {expected}"));
                }
                Servers::Make | Servers::Only(_) => {}
            }
        }
    }

    /// Checks what every operation needs unless it says otherwise.
    pub(super) fn security(&mut self) {
        let document = self.document;
        if document["components"]["securitySchemes"].as_object().is_none_or(serde_json::Map::is_empty) {
            self.report("components/securitySchemes", "the document has no security scheme");
        }
        match document["security"].as_array().map(Vec::as_slice) {
            None | Some([]) => self.report("security", "the document asks for no token"),
            Some(requirements) => self.requirements("", requirements),
        }
    }

    /// Checks that security requirements name schemes that the document has. None at all is an operation for anyone.
    pub(super) fn requirements(&mut self, location: &str, requirements: &[Value]) {
        let location = if location.is_empty() { "security".to_owned() } else { format!("{location} security") };
        for requirement in requirements {
            let names = requirement.as_object();
            if names.is_none_or(serde_json::Map::is_empty) {
                self.report(&location, "a requirement names no security scheme");
            }
            for (name, _) in names.into_iter().flatten() {
                if self.document["components"]["securitySchemes"].get(name).is_none() {
                    self.report(&location, format!("{name:?} is no security scheme of the document"));
                }
            }
        }
    }
}

/// Says whether a version of the specification is one that progenitor reads: `3.0.` and a number.
pub(super) fn is_3_0(version: &str) -> bool {
    let patch = version.strip_prefix("3.0.").unwrap_or_default();
    !patch.is_empty() && patch.bytes().all(|digit| digit.is_ascii_digit())
}

/// Says whether a URL is that of the API on a host that is spelled out.
fn is_below_a_host(url: &str) -> bool {
    let host = url.strip_prefix("https://").and_then(|rest| rest.strip_suffix(BASE_PATH));
    host.is_some_and(|host| {
        !host.is_empty() && host.chars().all(|character| matches!(character, 'a'..='z' | '0'..='9' | '.' | '-'))
    })
}
