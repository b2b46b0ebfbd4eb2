//! Place of a session, as fleet files and saved plans name it.

use std::fs;

use mms_client::{BaseUrl, ZoneHost, zones};

use crate::session::Session;

impl Session {
    /// Returns the zone of Make that the session speaks to, however its address was given; nothing for any other server.
    pub(crate) fn zone(&self) -> Option<ZoneHost> {
        let place = self.base_url()?.place();
        zones().filter_map(|zone| zone.parse().ok()).find(|zone: &ZoneHost| BaseUrl::from(*zone).place() == place)
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
