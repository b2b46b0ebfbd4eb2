//! Place of a session, as fleet files and saved plans name it.

use std::fs;

use mms_client::{BaseUrl, ZoneHost, zones};

use crate::session::Session;

impl Session {
    /// Returns the zone of Make that the session speaks to, however its address was given; nothing for any other server.
    pub(crate) fn zone(&self) -> Option<ZoneHost> {
        zone_of(self.base_url()?)
    }

    /// Returns the place that a saved plan is bound to: that of the journal, and of an embedded sandbox its file. A sandbox says
    /// which it is with its first answer.
    pub(crate) fn plan_place(&self) -> String {
        let Some(file) = self.place().strip_prefix("sandbox ").filter(|_| self.connection.is_embedded()) else {
            return self.client.api_name();
        };
        let file = fs::canonicalize(file).map_or_else(|_| file.to_owned(), |file| file.display().to_string());
        format!("sandbox {file}")
    }
}

/// Returns the zone whose API has this root.
fn zone_of(base_url: &BaseUrl) -> Option<ZoneHost> {
    let place = base_url.place();
    zones().filter_map(|zone| zone.parse().ok()).find(|zone: &ZoneHost| BaseUrl::from(*zone).place() == place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_known_however_its_address_was_given() {
        for (url, zone) in [
            ("https://eu1.make.com/api/v2", Some("eu1.make.com")),
            ("https://US2.make.com:443/api/v2/", Some("us2.make.com")),
            ("https://eu1.make.com/api/v3", None),
            ("https://gateway.example/api/v2", None),
            ("http://127.0.0.1:8787/api/v2", None),
        ] {
            let found = zone_of(&url.parse().unwrap());
            assert_eq!(found.map(|zone| zone.as_str()), zone, "{url}");
        }
    }
}
