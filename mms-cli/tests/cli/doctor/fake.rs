//! Fake of Make whose answers a test changes between two looks.

use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::support::fake_make::{Answer, FakeMake, json as answer, read_answer};

/// What the fake answers.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(super) struct Fleet {
    pub(super) scopes: Vec<&'static str>,
    pub(super) is_token_known: bool,
    pub(super) is_visible: bool,
    pub(super) is_paused: bool,
    /// Id, name and allocation.
    pub(super) children: Vec<(u64, &'static str, i64)>,
    /// Whether the list proves its end.
    pub(super) is_whole: bool,
    /// How many lists to come lack the first child.
    pub(super) stumbles: usize,
    /// Status line, with the headers that stand behind it.
    pub(super) status: &'static str,
}

impl Default for Fleet {
    fn default() -> Self {
        Self {
            scopes: vec!["managed-organizations:read", "managed-organizations:write", "organizations:read"],
            is_token_known: true,
            is_visible: true,
            is_paused: false,
            children: vec![(123, "Acme", 10_000), (124, "Borealis", 20_000)],
            is_whole: true,
            stumbles: 0,
            status: "200 OK",
        }
    }
}

impl Fleet {
    fn read(&mut self, request: &str) -> Answer {
        if !request.starts_with("GET ") {
            return None;
        }
        if !self.is_token_known {
            return answer("401 Unauthorized", r#"{"message":"Unauthorized","code":"IM102"}"#);
        }
        let path = request.trim_start_matches("GET /api/v2");
        if path.starts_with("/organizations/11") && !self.is_visible {
            return answer("404 Not Found", r#"{"message":"Account doesn't exist","code":"IM304"}"#);
        }
        let body = match path {
            "/users/me/current-authorization" => {
                json!({"authorization": {"authUsed": "token", "scope": self.scopes}})
            }
            "/users/me" => json!({"authUser": {"id": 77, "name": "Grace Hopper", "email": "grace@agency.example"}}),
            "/organizations/11" => {
                let license = json!({"operations": 490_000, "apiLimit": 240});
                json!({"organization": {"id": 11, "name": "Agency", "isPaused": self.is_paused, "license": license}})
            }
            "/organizations/11/managed-organizations" => {
                let skipped = usize::from(self.stumbles > 0);
                self.stumbles = self.stumbles.saturating_sub(1);
                let row = |(id, name, operations): &(u64, &str, i64)| {
                    json!({"organizationId": id, "organizationName": name, "operationsAllocated": operations,
                        "zoneDomain": "eu1.make.com"})
                };
                let rows: Vec<_> = self.children.iter().skip(skipped).map(row).collect();
                let limit = if self.is_whole { json!({"limit": 100}) } else { json!({}) };
                json!({"managedOrganizations": rows, "pg": limit})
            }
            "/organizations/11/managed-organizations-consumption" => {
                let row =
                    |(id, ..): &(u64, &str, i64)| json!({"organizationId": id, "centicreditsConsumed": "1000000"});
                json!({"managedOrganizationsConsumption": self.children.iter().map(row).collect::<Vec<_>>()})
            }
            _ => return read_answer(request),
        };
        answer(self.status, &body.to_string())
    }
}

/// A server, and what it answers.
pub(super) struct Fake {
    pub(super) server: FakeMake,
    fleet: Arc<Mutex<Fleet>>,
}

impl Fake {
    pub(super) fn of(fleet: Fleet) -> Self {
        let fleet = Arc::new(Mutex::new(fleet));
        let answers = Arc::clone(&fleet);
        Self { server: FakeMake::start(move |request| answers.lock().unwrap().read(request)), fleet }
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Fleet)) {
        change(&mut self.fleet.lock().unwrap());
    }
}
