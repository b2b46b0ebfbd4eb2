//! Stop as it travels.

use serde::{Deserialize, Serialize};

use super::{Stop, StopKind};
use crate::place::Place;

/// A stop as it travels, with its sentence for who reads the JSON alone.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "Stop"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct StopRecord {
    /// The child by its name in the fleet; left out where it is about the plan as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    name: Option<String>,
    /// Where the entry stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "PlaceRecord"))]
    place: Option<PlaceRecord>,
    /// The reason, with its figures.
    reason: StopKind,
    /// The reason and the way out in one sentence.
    message: String,
}

/// A place as it travels.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "Place"))]
#[serde(deny_unknown_fields)]
struct PlaceRecord {
    /// The file.
    file: String,
    /// The line, from 1.
    line: usize,
    /// The column in characters, from 1.
    column: usize,
}

impl From<Stop> for StopRecord {
    fn from(stop: Stop) -> Self {
        let message = stop.to_string();
        let place = stop.place.map(|Place { file, line, column }| PlaceRecord { file: file.to_string(), line, column });
        Self { name: stop.name, place, reason: stop.kind, message }
    }
}

impl From<StopRecord> for Stop {
    fn from(record: StopRecord) -> Self {
        let place = record.place.map(|PlaceRecord { file, line, column }| Place { file: file.into(), line, column });
        Self { kind: record.reason, name: record.name, place }
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Stop {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        StopRecord::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        StopRecord::json_schema(generator)
    }
}
