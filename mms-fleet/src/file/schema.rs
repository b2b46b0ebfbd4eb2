//! JSON Schema of a fleet file, for completion and checks in an editor.

use std::borrow::Cow;

use mms_types::Operations;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::decode::{
    Credits, Day, EnumText, ExternalId, Flag, Format, Id, Labels, Mail, OwnerName, Priority, Share, Whole, Zone,
};
use super::document::{Children, Document, Entry};

/// Returns the JSON Schema of a fleet file, which `docs/fleet.schema.json` has.
///
/// It is of draft 7, the one that editors of YAML know best.
#[must_use]
pub fn fleet_schema() -> Value {
    let mut settings = SchemaSettings::draft07();
    settings.inline_subschemas = true;
    let mut schema = settings.into_generator().into_root_schema_for::<Document>().to_value();
    schema["title"] = "Fleet of child organizations".into();
    schema
}

/// Gives the values of one key their schema.
macro_rules! schema {
    ($($type:ty: $schema:tt,)+) => {
        $(impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        })+
    };
}

// Texts are taken as they are written, whatever type YAML gives them.
schema! {
    Format: { "type": "integer", "enum": [1] },
    Zone: { "type": "string", "enum": mms_client::zones().collect::<Vec<_>>() },
    EnumText: { "type": ["string", "integer"], "minLength": 1, "examples": ["EU", "ES", 3] },
    ExternalId: { "type": ["string", "number", "boolean"], "minLength": 1, "examples": ["CRM-77"] },
    Credits: { "type": "integer", "minimum": 0, "maximum": Operations::MAX.get(), "multipleOf": Operations::STEP, "examples": [10_000] },
    Whole: { "type": "integer", "minimum": 0 },
    Priority: { "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX, "default": 0 },
    Share: { "oneOf": [
        { "type": "integer", "minimum": 0 },
        { "type": "string", "pattern": "^(100|[1-9]?[0-9])%$" },
    ], "examples": [5, "10%"] },
    Labels: { "type": "array", "items": { "type": ["string", "number", "boolean"] }, "examples": [["gold", "bakery"]] },
    Flag: { "type": "boolean", "default": false },
    Day: { "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "examples": ["2026-12-31"] },
    Id: { "oneOf": [{ "type": "integer", "minimum": 1 }, { "type": "string", "enum": ["new"] }] },
    Mail: { "type": "string", "format": "email", "examples": ["ada@acme.example"] },
    OwnerName: { "type": "string", "minLength": 1, "examples": ["Ada Owner"] },
}

impl JsonSchema for Children {
    fn schema_name() -> Cow<'static, str> {
        "Children".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let entry = generator.subschema_for::<Entry>();
        json_schema!({ "type": ["object", "null"], "propertyNames": { "minLength": 1 }, "additionalProperties": entry })
    }
}
