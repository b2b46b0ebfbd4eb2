//! Comparison by crate `drift`: operations, parameters and answers that only one document has.

use std::collections::BTreeSet;

use drift::{Change, ChangeClass, ChangePath};
use serde_json::Value;

use super::dereference::{Dereferenced, location};
use super::schemas::SchemaComparison;
use super::{Finding, Incomparable};

/// Returns what drift calls incompatible or cannot judge, less the schemas that `shapes` has judged key by key.
pub(crate) fn findings(
    old: &Dereferenced,
    new: &Dereferenced,
    schemas: &SchemaComparison<'_>,
) -> Result<BTreeSet<Finding>, Incomparable> {
    let (before, after) = with_common_content(old, new);
    let incomparable = |message: String| Incomparable { in_earlier: true, message };
    let changes = mms_codegen::catch_panic(|| drift::compare(&before, &after))
        .map_err(|panic| incomparable(format!("drift panics: {panic}")))?
        .map_err(|error| incomparable(format!("drift cannot compare it: {error:#}")))?;
    Ok(changes.iter().flat_map(|change| of_change(change, schemas)).collect())
}

fn of_change<'a>(change: &'a Change, schemas: &'a SchemaComparison<'_>) -> impl Iterator<Item = Finding> + 'a {
    let breaking = change.changes.iter().filter(|info| match info.class {
        ChangeClass::BackwardIncompatible | ChangeClass::Incompatible | ChangeClass::Unhandled => true,
        ChangeClass::ForwardIncompatible | ChangeClass::Trivial => false,
    });
    breaking.flat_map(move |info| {
        let unjudged = change.paths.iter().filter(move |path| {
            let pointer = |base: &str, subpath: &str| {
                if subpath.is_empty() { base.to_owned() } else { format!("{base}/{subpath}") }
            };
            let old = pointer(path.old.base_and_subpath().0, &info.old_subpath);
            let new = pointer(path.new.base_and_subpath().0, &info.new_subpath);
            !schemas.judged(&old, &new)
        });
        unjudged.map(move |path| Finding::new(named(path), &info.message))
    })
}

/// Names the schema or the operation at the end of a path; an operation that is gone has only an old end.
fn named(path: &ChangePath) -> String {
    let (base, _) = path.old.base_and_subpath();
    if let Some(schema) = base.strip_prefix("#/components/schemas/") {
        return format!("schema {schema}");
    }
    let endpoint = path.old.endpoint_base().or(path.new.endpoint_base()).unwrap_or(base);
    match endpoint.strip_prefix("#/paths/").and_then(|endpoint| endpoint.rsplit_once('/')) {
        Some((route, method)) => location(&route.replace("~1", "/").replace("~0", "~"), method),
        None => endpoint.to_owned(),
    }
}

/// Returns both documents with the media types that both have: drift compares no others, and `operations` reports them.
fn with_common_content(old: &Dereferenced, new: &Dereferenced) -> (Value, Value) {
    let (mut before, mut after) = (old.document().clone(), new.document().clone());
    for (method, old_path, new_path) in old.common(new) {
        let (left, right) = (&mut before["paths"][old_path][method], &mut after["paths"][new_path][method]);
        keep_common(left, right, "/requestBody/content");
        let statuses: Vec<String> =
            left["responses"].as_object().into_iter().flatten().map(|(status, _)| status.clone()).collect();
        for status in statuses {
            keep_common(left, right, &format!("/responses/{status}/content"));
        }
    }
    (before, after)
}

fn keep_common(left: &mut Value, right: &mut Value, pointer: &str) {
    let kept = |value: &Value| -> BTreeSet<String> {
        let content = value.pointer(pointer).and_then(Value::as_object).into_iter().flatten();
        content.filter(|(_, media)| media.get("schema").is_some()).map(|(name, _)| name.clone()).collect()
    };
    let common: BTreeSet<String> = kept(left).intersection(&kept(right)).cloned().collect();
    for side in [left, right] {
        if let Some(content) = side.pointer_mut(pointer).and_then(Value::as_object_mut) {
            content.retain(|name, _| common.contains(name));
        }
    }
}
