//! JSON of every command, held against its schema in `docs/schemas`.

use std::path::Path;

use crate::support::fake_make::{FakeMake, json, read_answer};
use crate::support::world::World;

/// A command on a sandbox, its exit code, and the schema of what it writes to standard output.
const COMMANDS: [(&str, i32, &str); 35] = [
    ("--sandbox child list", 0, "child-list"),
    ("--sandbox child list --above 1", 0, "child-list"),
    ("--sandbox child show 101", 0, "child-show"),
    ("--sandbox child show 101 102", 0, "child-show"),
    ("--sandbox consumption", 0, "consumption"),
    ("--sandbox consumption --above 50 --exit-code", 9, "consumption"),
    ("--sandbox pool", 0, "pool"),
    ("--sandbox child allocate 101 20000 --yes", 0, "child-allocate"),
    ("--sandbox child allocate 101 10000 --yes", 0, "child-allocate"),
    ("--sandbox child allocate 101=20000 102=60000 --yes", 0, "child-allocate"),
    ("--sandbox child allocate 101 20000 --dry-run", 0, "child-allocate"),
    ("--sandbox child retire 103 --yes", 0, "child-retire"),
    ("--sandbox credits move 103 101 10000 --yes", 0, "credits-move"),
    (
        "--sandbox child create --name Dorado --owner-name Ada --owner-email ada@dorado.example --region EU --country CZ --credits 0 --yes",
        0,
        "child-create",
    ),
    (
        "--sandbox child create --name Dorado --owner-name Ada --owner-email ada@dorado.example --region EU --country CZ --credits 0 --dry-run",
        0,
        "child-create",
    ),
    ("--sandbox child settle", 0, "child-settle"),
    ("--sandbox import", 0, "import"),
    ("--sandbox log", 0, "log"),
    ("log --all", 0, "log"),
    ("lock show", 0, "lock-show"),
    ("lock hold --reason month-end --for 1s", 0, "lock-hold"),
    ("--sandbox status", 0, "status"),
    ("--sandbox doctor", 0, "doctor"),
    ("doctor", 2, "doctor"),
    ("--sandbox auth status", 0, "auth-status"),
    ("auth login --profile test --sandbox", 0, "auth-login"),
    ("config show --origin", 0, "config-show"),
    ("config profiles", 0, "config-profiles"),
    ("--sandbox api GET /organizations/{organizationId}", 0, "api"),
    ("open 123 --zone eu1.make.com", 0, "open"),
    ("--sandbox api POST /scenarios --dry-run", 0, "api"),
    ("--sandbox region list", 0, "region-list"),
    ("--sandbox country list", 0, "country-list"),
    ("--sandbox child list --limit 0", 0, "child-list"),
    ("--sandbox consumption --name nobody", 0, "consumption"),
];

fn schema(name: &str) -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schemas").join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

fn assert_fits(name: &str, value: &serde_json::Value) {
    let errors: Vec<_> = schema(name).iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{name}: {errors:?}: {value:#}");
}

#[test]
fn the_json_of_every_command_fits_its_schema() {
    for (command, code, name) in COMMANDS {
        let seen = World::new().run_line(&format!("{command} -q -o json"));
        assert_eq!(seen.code, code, "{command}: {seen}");
        assert_fits(name, &seen.json());
    }
}

#[test]
fn the_json_of_a_log_and_of_an_undo_fits_its_schema() {
    let world = World::new();
    assert_eq!(world.run_line("--sandbox child allocate 101=20000 103=90000 --yes -q").code, 0);
    let rows = world.run_line("--sandbox log -o json").json();
    assert_fits("log", &rows);
    let run = rows[0]["run"].as_str().unwrap();
    for flags in ["--dry-run --allow-pause", "--yes --allow-pause", "--yes"] {
        assert_fits("undo", &world.run_line(&format!("--sandbox undo {run} {flags} -q -o json")).json());
    }
}

#[test]
fn the_json_of_plans_fits_its_schema() {
    let world = World::new();
    assert_eq!(world.run_line("--sandbox import").code, 0);
    let fleet = std::fs::read_to_string(world.path("fleet.yaml")).unwrap();
    let new = "  Dorado: {owner: {email: ada@dorado.example, name: Ada}, region: EU, country: CZ, credits: 0}\n";
    world.write(
        "fleet.yaml",
        &format!("{}{new}  Eiger: {{credits: 0}}\n", fleet.replace("credits: 50000", "credits: 40000")),
    );
    let stopped = world.run_line("--sandbox plan -o json");
    assert_eq!(stopped.json()["plan"]["stops"].as_array().unwrap().len(), 1, "{stopped}");
    assert_fits("plan", &stopped.json());

    world.write("fleet.yaml", &format!("{fleet}{new}"));
    for command in ["--sandbox plan --out plan.json -o json", "plan show plan.json -o json"] {
        let seen = world.run_line(command);
        assert_eq!(seen.json()["saved"]["isExpired"], false, "{seen}");
        assert_fits("plan", &seen.json());
    }
}

#[test]
fn rows_with_gaps_fit_their_schema_too() {
    let server = FakeMake::start(read_answer);

    for (command, name) in [("consumption", "consumption"), ("child list", "child-list"), ("status", "status")] {
        assert_fits(name, &World::of(&server).run_line(&format!("{command} -o json")).json());
    }
}

#[test]
fn an_error_is_json_where_data_is() {
    let server = FakeMake::answering_writes(json("400 Bad Request", r#"{"message":"Not today."}"#));
    for (command, exit_code, code, operation, sent) in [
        ("child list --bogus", 2, "usage", None, false),
        ("child show Nobody", 7, "not_found", None, false),
        ("child allocate 123 20000 --yes", 1, "failed", Some("update_child_organization_allocation"), true),
        ("child list --columns colour", 2, "usage", None, false),
    ] {
        let seen = World::of(&server).run_line(&format!("{command} -q -o json"));
        let report: serde_json::Value = serde_json::from_str(seen.stderr.lines().last().unwrap()).unwrap();
        assert_fits("error", &report);
        let error = &report["error"];
        assert_eq!((seen.code, error["exitCode"].as_i64()), (exit_code, Some(i64::from(exit_code))), "{seen}");
        assert_eq!((error["code"].as_str(), error["operation"].as_str()), (Some(code), operation), "{seen}");
        assert_eq!(error["requestSent"], sent, "{seen}");
    }
}

#[test]
fn a_line_of_ndjson_is_a_record() {
    let seen = World::new().run_line("--sandbox child list -o ndjson");

    let rows: Vec<serde_json::Value> = seen.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 3);
    assert_fits("child-list", &rows.into());
}

#[test]
fn the_rows_of_a_table_fit_the_schema_of_its_command() {
    let world = World::new();
    world.write(
        "new.csv",
        "name,owner_name,owner_email,region,country,credits,external_id\nDorado,Ada,ada@dorado.example,EU,CZ,0,c-1\n",
    );
    for (more, code) in [("--dry-run", 0), ("--yes", 0), ("--yes", 0)] {
        let seen = world.run_line(&format!("--sandbox child create --from new.csv {more} -q -o json"));
        assert_eq!(seen.code, code, "{seen}");
        assert_fits("child-create", &seen.json());
    }
    world.write("credits.csv", "id,credits\n101,20000\n102,60000\n103,100000\n");
    let seen = world.run_line("--sandbox child allocate --from credits.csv --yes -q -o json");
    assert_eq!(seen.json().as_array().unwrap().len(), 3, "{seen}");
    assert_fits("child-allocate", &seen.json());
}
