//! Schemas of the JSON that each command writes, for `docs/schemas`.

use schemars::Schema;
use schemars::generate::SchemaGenerator;

use super::{account, changes, child, doctor, fleet, open, pool, rows, sandbox, status};

/// Returns the schema of every command's JSON, by its words. That of `mms api` takes anything: what the server says is the server's.
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
        ("log", generator().into_root_schema_for::<Vec<fleet::LogEntry>>()),
        ("undo", generator().into_root_schema_for::<Vec<fleet::Undone>>()),
        ("lock-show", generator().into_root_schema_for::<fleet::JournalLock>()),
        ("lock-hold", generator().into_root_schema_for::<fleet::JournalLock>()),
        ("pool", generator().into_root_schema_for::<pool::Pool>()),
        ("import", generator().into_root_schema_for::<Vec<fleet::ImportRow>>()),
        ("apply", generator().into_root_schema_for::<Vec<fleet::AppliedStep>>()),
        ("plan", generator().into_root_schema_for::<fleet::PlanOutput<'static>>()),
        ("status", generator().into_root_schema_for::<status::Status>()),
        ("doctor", generator().into_root_schema_for::<Vec<doctor::Check>>()),
        ("auth-login", generator().into_root_schema_for::<account::LoggedIn>()),
        ("auth-status", generator().into_root_schema_for::<account::TokenStatus>()),
        ("config-show", generator().into_root_schema_for::<Vec<account::ShownSetting>>()),
        ("config-profiles", generator().into_root_schema_for::<Vec<account::ShownProfile>>()),
        ("open", generator().into_root_schema_for::<open::Page>()),
        ("api", any()),
        ("sandbox-serve", generator().into_root_schema_for::<sandbox::Served>()),
    ]
}

/// Returns the schema of any JSON.
fn any() -> Schema {
    schemars::json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Any",
        "description": "The body of the server's answer, whatever it is; with --dry-run the request.",
    })
}

/// One record, or a list where several were asked for.
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
enum OneOrMore<T> {
    One(T),
    More(Vec<T>),
}
