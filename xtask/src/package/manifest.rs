//! Manifests of a release: what the packages leave out. Text in, text out.

use toml_edit::{Array, DocumentMut, Item, TomlError, Value};

/// Returns the paths of the workspace's members.
pub(super) fn members(workspace: &str) -> Result<Vec<String>, TomlError> {
    let workspace: DocumentMut = workspace.parse()?;
    let members = workspace.get("workspace").and_then(|table| table.get("members")).and_then(Item::as_array);
    Ok(members.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Says whether a crate may be published: it says nothing of `publish`.
pub(super) fn is_publishable(manifest: &str) -> Result<bool, TomlError> {
    let manifest: DocumentMut = manifest.parse()?;
    Ok(manifest.get("package").is_some_and(|package| package.get("publish").is_none()))
}

/// Returns the manifest of the workspace with these members alone.
pub(super) fn with_members(workspace: &str, members: &[String]) -> Result<String, TomlError> {
    let mut workspace: DocumentMut = workspace.parse()?;
    workspace["workspace"]["members"] = Item::Value(members.iter().map(String::as_str).collect::<Array>().into());
    Ok(workspace.to_string())
}

/// Returns the manifest of a crate without its build-dependency on another one, or nothing where it has none.
pub(super) fn without_build_dependency(manifest: &str, name: &str) -> Result<Option<String>, TomlError> {
    let mut manifest: DocumentMut = manifest.parse()?;
    let dependencies = manifest.get_mut("build-dependencies").and_then(Item::as_table_like_mut);
    let removed = dependencies.is_some_and(|dependencies| dependencies.remove(name).is_some());
    Ok(removed.then(|| manifest.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_publishable_unless_its_manifest_speaks_of_publish() {
        assert!(is_publishable("[package]\nname = \"a\"\n").unwrap());
        assert!(!is_publishable("[package]\nname = \"a\"\npublish = false\n").unwrap());
        assert!(!is_publishable("[package]\nname = \"a\"\npublish.workspace = true\n").unwrap());
        assert!(!is_publishable("[workspace]\n").unwrap());
    }

    #[test]
    fn the_members_are_replaced_and_everything_else_stays_as_it_is_written() {
        let workspace =
            "[workspace]\nmembers = [\"a\", \"b\"] # both\n\n# A comment.\n[profile.release]\nlto = \"thin\"\n";
        assert_eq!(members(workspace).unwrap(), ["a", "b"]);
        let edited = with_members(workspace, &["b".to_owned()]).unwrap();
        assert_eq!(members(&edited).unwrap(), ["b"]);
        assert!(edited.ends_with("# A comment.\n[profile.release]\nlto = \"thin\"\n"), "{edited}");
    }

    #[test]
    fn only_the_named_build_dependency_goes() {
        let manifest = "[build-dependencies]\ngenerator.workspace = true\ncc = \"1\"\n\n[lints]\nworkspace = true\n";
        let edited = without_build_dependency(manifest, "generator").unwrap().unwrap();
        assert_eq!(edited, "[build-dependencies]\ncc = \"1\"\n\n[lints]\nworkspace = true\n");
        assert_eq!(without_build_dependency(manifest, "other").unwrap(), None);
        assert_eq!(without_build_dependency("[package]\n", "generator").unwrap(), None);
    }
}
