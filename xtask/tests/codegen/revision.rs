//! Tests of `--against`: which revision is read, and what happens where it cannot be.

use xtask::codegen::Status;

use crate::workspace::Workspace;

#[test]
fn the_same_contract_is_compatible_with_itself() {
    let workspace = Workspace::fresh();
    workspace.commit();
    let outcome = workspace.codegen().against("HEAD");
    assert_eq!(outcome.status().exit_code(), 0, "{outcome}");
    assert!(
        outcome
            .report()
            .ends_with("  Compatible openapi/mms.yaml with HEAD\n  Compatible openapi/sandbox.yaml with HEAD\n"),
        "{outcome}"
    );
}

#[test]
fn the_contract_of_the_revision_is_read_not_the_one_of_the_work_tree() {
    let workspace = Workspace::fresh();
    workspace.commit();
    workspace.edit("operationId: list_zones", "operationId: list_installations");
    let outcome = workspace.codegen().against("HEAD");
    assert_eq!(outcome.status().exit_code(), 4);
    let expected = "    Breaking GET /enums/imt-zones: operationId was \"list_zones\", is \"list_installations\"
Incompatible openapi/mms.yaml with HEAD: 1 breaking
        run: git diff HEAD -- openapi/mms.yaml
  Compatible openapi/sandbox.yaml with HEAD
";
    assert!(outcome.report().ends_with(expected), "{outcome}");
    workspace.commit();
    assert!(workspace.codegen().against("HEAD").is_fresh());
    assert_eq!(workspace.codegen().against("HEAD~1").status(), Status::Stale);
}

#[test]
fn an_unknown_revision_is_a_crash_that_names_it() {
    let workspace = Workspace::fresh();
    workspace.commit();
    for revision in ["v9.9.9", "--output=x", "", "HEAD:openapi", "HEAD^{tree}"] {
        let outcome = workspace.codegen().against(revision);
        assert_eq!(outcome.status().exit_code(), 1);
        assert!(outcome.error().starts_with(&format!("error: revision {revision:?}: git rev-parse: ")), "{outcome}");
    }
}

#[test]
fn a_revision_without_a_contract_is_a_crash() {
    let workspace = Workspace::fresh();
    let yaml = workspace.root().join("openapi/mms.yaml");
    let text = std::fs::read_to_string(&yaml).unwrap();
    std::fs::remove_file(&yaml).unwrap();
    workspace.commit();
    workspace.write(&text);
    let outcome = workspace.codegen().against("HEAD");
    assert_eq!(outcome.status().exit_code(), 1);
    assert!(outcome.error().starts_with("error: revision \"HEAD\": git show: fatal: "), "{outcome}");
}

#[test]
fn a_directory_without_git_is_a_crash() {
    let outcome = Workspace::fresh().codegen().against("HEAD");
    assert_eq!(outcome.status().exit_code(), 1);
    assert!(outcome.error().starts_with("error: revision \"HEAD\": git rev-parse: "), "{outcome}");
}

#[test]
fn an_earlier_contract_that_cannot_be_read_is_invalid() {
    let contracts = [
        ("paths: [", "the document is no YAML: "),
        ("openapi: 3.0.3\npaths: 7\n", "the document is no OpenAPI 3.0: "),
        (
            "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {/zones: {$ref: '#/nowhere'}}\n",
            "$ref \"#/nowhere\" leads nowhere",
        ),
        (
            "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\n\
             components: {schemas: {A: {$ref: '#/components/schemas/A'}}}\n",
            "$ref \"#/components/schemas/A\" leads back to itself",
        ),
        (
            "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {'/zones/{id}': {get: {responses: {}}}}\n",
            "GET /zones/{id}: path and parameters disagree about \"id\"",
        ),
        (
            "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {'/zones/{id': {get: {responses: {}}}}\n",
            "GET /zones/{id: the path has a brace without its partner",
        ),
    ];
    for (earlier, message) in contracts {
        let workspace = Workspace::with_contract(earlier);
        workspace.commit();
        workspace.write(crate::workspace::CONTRACT);
        let outcome = workspace.codegen().against("HEAD");
        assert_eq!(outcome.status().exit_code(), 100, "{outcome}");
        assert!(outcome.error().starts_with(&format!("error: HEAD:openapi/mms.yaml: {message}")), "{outcome}");
    }
}

#[test]
fn an_earlier_contract_need_not_keep_the_rules_of_today() {
    let workspace = Workspace::with_contract(
        "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /enums/imt-zones:\n    get:\n      responses:\n        \
         200:\n          description: d\n          content: {application/json: {schema: \
         {$ref: '#/components/schemas/ZoneList'}}}\ncomponents: {schemas: {ZoneList: {type: object}}}\n",
    );
    workspace.commit();
    workspace.write(crate::workspace::CONTRACT);
    let outcome = workspace.codegen().against("HEAD");
    let breaking: Vec<&str> = outcome.report().lines().filter(|line| line.contains("Breaking")).collect();
    let expected = [
        "    Breaking GET /enums/imt-zones: operation added a new response code 4XX",
        "    Breaking GET /enums/imt-zones: operation added a new response code 5XX",
        "    Breaking GET /enums/imt-zones: security was null, is [{\"apiToken\":[]}]",
    ];
    assert_eq!(breaking, expected, "{outcome}");
}
