//! `mms plan`.

use insta::assert_snapshot;
use mms_sandbox::RequestFilter;
use serde_json::json;
use tokio::runtime::Builder;

use super::{add, edit, imported, text};
use crate::frugality::sandbox_with;
use crate::support::fake_make::{FakeMake, read_answer};
use crate::support::world::World;

/// An entry that can be created.
const DORADO: &str =
    "  Dorado: {owner: {email: ada@dorado.example, name: Ada}, region: EU, country: CZ, credits: 20000}\n";

#[test]
fn a_plan_shows_writes_holds_drift_and_stops() {
    let world = imported();
    edit(&world, "Acme Bakery:", "Acme Bread:");
    edit(&world, "credits: 10000", "credits: 30000");
    edit(&world, "credits: 50000", "credits: 10000\n    allow_pause: true");
    edit(&world, "credits: 100000", "credits: 50000\n    hold: true");
    add(&world, DORADO);
    add(&world, "  Eiger: {credits: 10000, priority: 2}\n  Fjord: {retired: true}\n");

    assert_snapshot!(world.run_line("--sandbox plan"), @r#"
    exit: 0
    ----- stdout -----
    Plan for SANDBOX [HOME]/data/mms/sandbox.db, distributor 11, by fleet.yaml

    To be changed: 2
         NAME              ID  BEFORE      AFTER   CHANGE
      ~  Borealis Travel  102  50,000  →  10,000  -40,000  pauses
      ~  Acme Bread       101  10,000  →  30,000  +20,000

    To be created, and never to be deleted: 1
         NAME    CREDITS  OWNER              REGION  COUNTRY
      +  Dorado   20,000  a…@dorado.example  EU      CZ

    On hold, and not changed: 1
         NAME            ID   BEFORE      AFTER   CHANGE
      =  Cobalt Dental  103  100,000  →  50,000  -50,000

    Differs, and the API cannot change it: correct the fleet, or change it in the web app: 1
         NAME         ID  WHAT  IN THE FLEET  IN MAKE
      !  Acme Bread  101  name  Acme Bread    Acme Bakery

    An apply refuses this: 1
      x  fleet.yaml:19:3: "Eiger": it is not in Make, and a create needs owner, region, country: add what is missing, or its id if it has another name in Make

    Plan      1 to create, 1 to raise, 1 to lower, 1 of them pausing; 0 as the fleet asks; 1 retired and gone
    Credits   40,000 back to the pool, 40,000 out of it
    Pool      500,000 before, 460,000 at its lowest, 500,000 after
    Requests  13, all at once at 240 a minute
    ----- stderr -----
    "#);
}

#[test]
fn a_plan_of_nothing_is_one_line_and_costs_two_requests_and_a_further_page_one_more() {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    for (children, requests) in [(3, 2), (412, 3), (5_000, 3)] {
        let sandbox = runtime.block_on(sandbox_with(children));
        let world = World::new()
            .with("MMS_BASE_URL", sandbox.base_url())
            .with("MAKE_API_KEY", sandbox.token())
            .with("MMS_ORGANIZATION_ID", "11");
        assert_eq!(world.run_line("import -q").code, 0);
        sandbox.control().forget_requests();

        let seen = world.run_line("plan");

        assert_eq!(sandbox.control().requests(&RequestFilter::default()).requests.len(), requests, "{children}");
        assert!(
            seen.code == 0 && seen.stdout.lines().count() == 1 && seen.stdout.contains("Nothing to change"),
            "{seen}"
        );
        runtime.block_on(sandbox.stop()).unwrap();
    }
}

#[test]
fn the_exit_code_says_on_request_whether_anything_differs() {
    let world = imported();
    assert_eq!(world.run_line("--sandbox plan --exit-code").code, 0);

    edit(&world, "credits: 50000", "credits: 60000");
    assert_eq!(world.run_line("--sandbox plan").code, 0);
    let seen = world.run_line("--sandbox plan --exit-code");
    assert!(seen.code == 3 && seen.stderr.contains("is not as fleet.yaml asks: 1 to write"), "{seen}");

    let world = imported();
    edit(&world, "Acme Bakery:", "Acme Bread:");
    let seen = world.run_line("--sandbox plan --exit-code");
    assert!(seen.code == 3 && seen.stderr.contains("1 that the API cannot change"), "{seen}");

    let world = imported();
    add(&world, "  Eiger: {credits: 10000}\n");
    assert_eq!(world.run_line("--sandbox plan").code, 0);
    let seen = world.run_line("--sandbox plan --exit-code");
    assert!(seen.code == 3 && seen.stderr.contains("1 that an apply refuses"), "{seen}");
}

#[test]
fn a_name_that_looks_like_another_and_an_id_that_is_no_child_stop_the_plan_and_nothing_is_sent() {
    let world = imported();
    edit(&world, "id: 102", "id: 999");
    let new = |name: &str, id: &str| {
        format!(
            "  {name}:\n{id}    owner: {{email: ada@acme.example, name: Ada}}\n    region: EU\n    country: CZ\n    credits: 10000\n"
        )
    };
    add(&world, &(new("Acme-Bakery", "") + &new("Nova", "") + &new("Cobalt", "")));
    assert_snapshot!(world.run_line("--sandbox plan"));
    let seen = world.run_line("--sandbox apply --yes");
    assert!(seen.code == 1 && seen.stderr.contains("nothing was sent"), "{seen}");

    let world = imported();
    add(&world, &new("Acme-Bakery", "    id: new\n"));
    let seen = world.run_line("--sandbox plan");
    assert!(seen.code == 0 && !seen.stdout.contains("An apply refuses this"), "{seen}");
}

#[test]
fn children_that_several_entries_may_be_are_named_once() {
    let world = imported();
    let fleet = text(&world, "fleet.yaml");
    let (kept, cobalt) = fleet.split_at(fleet.find("  Cobalt Dental").unwrap());
    let new =
        |name: &str| cobalt.replace("Cobalt Dental", name).replace("id: 103", "owner: {email: a@b.example, name: Ada}");
    world.write(
        "fleet.yaml",
        &format!("{kept}{}{}", new("Nova"), new("Vega")).replace("country", "region: EU\n    country"),
    );
    let seen = world.run_line("--sandbox plan");
    assert_eq!(seen.stdout.matches("103 \"Cobalt Dental\"").count(), 1, "{seen}");
    assert!(seen.stdout.contains("\"Vega\": it may be one of the same children"), "{seen}");
}

#[test]
fn a_guard_is_lifted_by_its_own_flag_alone() {
    let world = imported();
    edit(&world, "children:", "guards: {max_creates: 0, max_change: 0, pool_reserve: 490000}\nchildren:");
    edit(&world, "credits: 50000", "credits: 70000");
    add(&world, DORADO);

    let stops = |flags: &str| {
        let seen = world.run_line(&format!("--sandbox plan -o json {flags}")).json();
        let stops = seen["plan"]["stops"].as_array().unwrap().clone();
        stops.iter().map(|stop| stop["reason"]["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(stops(""), ["pool_too_small", "too_many_creates", "too_many_changes"]);
    assert_eq!(stops("--max-creates 1"), ["pool_too_small", "too_many_changes"]);
    assert_eq!(stops("--max-creates 1 --max-change 1 --pool-reserve 460000"), [""; 0]);
    assert_eq!(stops("--max-creates 1 --max-change 1 --partial"), [""; 0]);
}

#[test]
fn every_mistake_is_told_with_its_place_and_nothing_is_sent() {
    let server = FakeMake::start(read_answer);
    let world = World::of(&server);
    let head = "\u{feff}format: 1\r\norganization: 11\r\nchildren:\r\n";
    world.write("fleet.yaml", &format!("{head}  Acme: {{credits: 10001}}\r\n  Sol: {{credit: 1}}\r\n  Sol: {{}}\r\n"));
    assert_snapshot!(world.run_line("plan"), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: the fleet has 3 mistakes
    hint: mend these, nothing was sent:
      1. fleet.yaml:4:19: credits 10001 is not a multiple of 10000: write 10000 or 20000
      2. fleet.yaml:5:9: child "Sol" has no key "credit": did you mean credits?
      3. fleet.yaml:6:3: child "Sol" is there already, at fleet.yaml:5:3: keep one of them: names that differ in case or spaces alone are one name
    "#);

    let many = (0..120).fold(String::new(), |many, index| many + &format!("  Child {index}: {{credits: 1}}\r\n"));
    world.write("fleet.yaml", &format!("{head}{many}"));
    let seen = world.run_line("plan");
    assert!(seen.stderr.contains("the fleet has 120 mistakes") && seen.stderr.contains("and 20 more"), "{seen}");
    assert!(server.requests("").is_empty());
}

#[test]
fn what_is_not_there_or_no_fleet_is_refused() {
    let world = World::new();
    let seen = world.run_line("--sandbox plan");
    assert!(
        seen.code == 2 && seen.stderr.contains("fleet.yaml cannot be read") && seen.stderr.contains("mms import"),
        "{seen}"
    );

    world.write("other.yaml", "- a\n- b\n");
    assert_eq!(world.run_line("--sandbox plan other.yaml").code, 2);
    assert_eq!(world.run_line("--sandbox plan . --columns name").code, 2);
    let seen = world.run_line("--sandbox plan -o csv");
    assert!(seen.code == 2 && seen.stderr.contains("a plan is no list of rows for csv or tsv"), "{seen}");
}

#[test]
fn several_files_and_a_directory_are_one_fleet() {
    let world = imported();
    std::fs::create_dir(world.path("fleet")).unwrap();
    let one = text(&world, "fleet.yaml");
    world.write("fleet/a.yaml", &one);
    world.write("fleet/b.yaml", &format!("format: 1\nchildren:\n{DORADO}"));
    let seen = world.run_line("--sandbox plan fleet");
    assert!(seen.stdout.contains("by fleet/a.yaml, fleet/b.yaml") && seen.stdout.contains("Dorado"), "{seen}");

    let seen = world.run_line("--sandbox plan fleet.yaml fleet");
    assert!(seen.code == 2 && seen.stderr.contains("fleet.yaml:") && seen.stderr.contains("fleet/a.yaml"), "{seen}");
}

#[test]
fn what_the_fleet_does_not_name_is_counted_and_listed_on_request() {
    let world = World::new();
    world.write("fleet.yaml", "format: 1\norganization: 11\nchildren:\n  Acme Bakery:\n");
    let seen = world.run_line("--sandbox plan");
    assert_eq!(
        seen.stdout.replace(&world.path("").display().to_string(), ""),
        "Nothing to change on SANDBOX data/mms/sandbox.db, distributor 11: 1 child is as fleet.yaml asks; 1 without an id in the \
         files; 2 not in the fleet\n"
    );
    let seen = world.run_line("--sandbox plan -v");
    assert!(
        seen.stdout.contains("Not in the fleet, and never touched: 2") && seen.stdout.contains("Cobalt Dental"),
        "{seen}"
    );
}

#[test]
fn what_pauses_is_red_and_signs_are_those_that_the_terminal_has() {
    let world = imported();
    edit(&world, "credits: 10000", "credits: 0\n    allow_pause: true");

    let seen = world.run_line("--sandbox plan --color always");
    assert!(seen.stdout.contains("\u{1b}[1m\u{1b}[31m~") && seen.stdout.contains("\u{1b}[31mpauses"), "{seen}");

    let seen = world.with("LC_ALL", "C").run_line("--sandbox plan");
    assert!(seen.stdout.contains("10,000  ->      0  -10,000  pauses"), "{seen}");
    assert!(seen.stdout.is_ascii(), "{seen}");
}

#[test]
fn a_plan_is_one_line_of_ndjson() {
    let seen = imported().run_line("--sandbox plan -o ndjson");
    assert!(seen.stdout.lines().count() == 1 && seen.json()["plan"]["unchanged"] == 3, "{seen}");
}

#[test]
fn what_was_not_compared_is_told_in_every_form_with_the_commands_that_read_the_lists() {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let sandbox = runtime.block_on(sandbox_with(1));
    let world = World::new()
        .with("MMS_BASE_URL", sandbox.base_url())
        .with("MAKE_API_KEY", sandbox.token())
        .with("MMS_ORGANIZATION_ID", "11");
    world.write("fleet.yaml", "format: 1\norganization: 11\nchildren:\n  Child 0: {id: 1001, country: DE}\n");

    let says = "Compared  not the country of Child 0: this machine has not read these lists; `mms region list` and `mms country list` \
                read them once";
    let seen = world.run_line("plan --exit-code");
    assert!(seen.code == 0 && seen.stdout.contains("Nothing to change") && seen.stdout.contains(says), "{seen}");
    let seen = world.run_line("plan -o markdown");
    assert!(seen.stdout.contains("- Compared: not the country of Child 0"), "{seen}");
    let expected = json!([{ "name": "Child 0", "organizationId": 1001, "kind": "country", "wanted": "DE" }]);
    assert_eq!(world.run_line("plan -o json").json()["plan"]["notCompared"], expected);

    for list in ["region list", "country list"] {
        assert_eq!(world.run_line(&format!("{list} -q")).code, 0);
    }
    let seen = world.run_line("plan --exit-code");
    assert!(seen.code == 3 && !seen.stdout.contains("Compared") && seen.stdout.contains("country  DE"), "{seen}");
    runtime.block_on(sandbox.stop()).unwrap();
}

#[test]
fn a_country_that_differs_is_shown_while_the_countries_are_known_without_a_request() {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let sandbox = runtime.block_on(sandbox_with(3));
    let world = World::new()
        .with("MMS_BASE_URL", sandbox.base_url())
        .with("MAKE_API_KEY", sandbox.token())
        .with("MMS_ORGANIZATION_ID", "11");
    assert_eq!(world.run_line("import -q").code, 0);
    edit(&world, "country: GB", "country: DE");
    sandbox.control().forget_requests();

    let seen = world.run_line("plan");

    assert!(seen.stdout.contains("country  DE") && seen.stdout.contains("the API cannot change it"), "{seen}");
    assert_eq!(sandbox.control().requests(&RequestFilter::default()).requests.len(), 2);
    runtime.block_on(sandbox.stop()).unwrap();
}

#[test]
fn a_sub_directory_of_a_fleet_is_not_read_and_that_is_said() {
    let world = World::new();
    std::fs::create_dir_all(world.path("clients/old")).unwrap();
    world.write("clients/a.yml", "format: 1\norganization: 11\nchildren:\n  Acme Bakery: {id: 101}\n");
    world.write("clients/old/b.yaml", "format: 1\norganization: 11\nchildren:\n  Cobalt Dental: {id: 103}\n");
    for command in ["plan", "apply --yes", "import --dry-run"] {
        let seen = world.run_line(&format!("--sandbox {command} clients"));
        assert!(seen.code == 0 && seen.stderr.contains("clients/old has YAML files and is not read"), "{seen}");
        let seen = world.run_line(&format!("--sandbox {command} clients clients/old"));
        assert!(seen.code == 0 && !seen.stderr.contains("is not read"), "{seen}");
    }
}
