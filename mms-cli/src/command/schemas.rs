//! Schemas of the JSON that each command writes, for `docs/schemas`.

use schemars::Schema;
use schemars::generate::SchemaGenerator;

use super::{account, changes, child, pool, rows, sandbox, status};

/// Returns the schema of every command's JSON, by its words.
pub(crate) fn all(generator: impl Fn() -> SchemaGenerator) -> Vec<(&'static str, Schema)> {
    vec![
        ("child-list", generator().into_root_schema_for::<Vec<rows::ChildRow>>()),
        ("child-show", generator().into_root_schema_for::<OneOrMore<rows::ChildRow>>()),
        ("consumption", generator().into_root_schema_for::<Vec<rows::ChildRow>>()),
        ("child-allocate", generator().into_root_schema_for::<OneOrMore<changes::Allocated>>()),
        ("child-retire", generator().into_root_schema_for::<OneOrMore<changes::Allocated>>()),
        ("credits-move", generator().into_root_schema_for::<Vec<changes::Allocated>>()),
        ("child-create", generator().into_root_schema_for::<child::CreateOutput>()),
        ("child-settle", generator().into_root_schema_for::<Vec<child::Settlement>>()),
        ("pool", generator().into_root_schema_for::<pool::Pool>()),
        ("status", generator().into_root_schema_for::<status::Status>()),
        ("auth-login", generator().into_root_schema_for::<account::LoggedIn>()),
        ("auth-status", generator().into_root_schema_for::<account::TokenStatus>()),
        ("config-show", generator().into_root_schema_for::<Vec<account::ShownSetting>>()),
        ("config-profiles", generator().into_root_schema_for::<Vec<account::ShownProfile>>()),
        ("sandbox-serve", generator().into_root_schema_for::<sandbox::Served>()),
    ]
}

/// One record, or a list where several were asked for.
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
enum OneOrMore<T> {
    One(T),
    More(Vec<T>),
}
