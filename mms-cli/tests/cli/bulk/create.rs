//! `mms child create --from`.

use std::sync::atomic::{AtomicBool, Ordering};

use insta::assert_snapshot;

use super::{TITLES, outcomes, row, write};
use crate::support::fake_make::{Distributor, FakeMake, json, read_answer};
use crate::support::world::World;

#[test]
fn a_table_is_created_and_reported_and_run_again_creates_nothing() {
    let world = World::new();
    world.write(
        "new.csv",
        "\u{feff}Company;Owner name;E-mail;Country;Credits;CRM id\r\n\"Dorado Foods\";Ada;ada@dorado.example;CZ;20000;c-1\r\n",
    );

    assert_snapshot!(world.run_line("--sandbox child create --from new.csv --region EU --report report.csv --yes"), @"
    exit: 0
    ----- stdout -----
    LINE  NAME          OUTCOME    ID  CREDITS  ERROR
       2  Dorado Foods  created  1001    20000  -
    ----- stderr -----
    About to create a child organization, which can never be deleted:
      api          SANDBOX [HOME]/data/mms/sandbox.db
      distributor  11
      table        new.csv: 1 new, 0 there already
      new          Dorado Foods     20,000 credits, EU, Czechia, Ada <ada@dorado.example>
      pool         500,000 -> 480,000
      time         at once
    ");
    assert_snapshot!(std::fs::read_to_string(world.path("report.csv")).unwrap(), @"
    line,name,external_id,outcome,id,credits,error
    2,Dorado Foods,c-1,created,1001,20000,
    ");
    assert_snapshot!(world.run_line("--sandbox child create --from new.csv --region EU --report report.csv --yes"), @"
    exit: 0
    ----- stdout -----
    LINE  NAME          OUTCOME    ID  CREDITS  ERROR
       2  Dorado Foods  existed  1001    20000  -
    ----- stderr -----
    All 1 children of new.csv exist already: nothing was sent.
    ");
    assert_eq!(outcomes(&world), ["existed"]);
}

#[test]
fn a_table_with_mistakes_writes_nothing_and_tells_them_all_with_regions_and_countries() {
    let server = FakeMake::start(|request| {
        assert!(request.starts_with("GET /api/v2/enums/"), "{request}");
        read_answer(request)
    });
    let world = World::of(&server);
    let rows = [row("Sol").replace("10000", "12345"), row("sol").replace('@', ""), row("Luna").replace("EU", "Utopia")];
    world.write("new.csv", &format!("{TITLES}{}", rows.concat()));

    assert_snapshot!(world.run_line("child create --from new.csv --yes"), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: new.csv has 4 mistakes
    hint: mend these, nothing was sent:
      1. new.csv:2:34: 12345 is not a multiple of 10000: write 10000 or 20000
      2. new.csv:3:1: child "sol" is there already, in line 2: keep one of them: names that differ in case or spaces alone are one name
      3. new.csv:3:9: "adaagency.example" is not an e-mail address: expected a plain one like ada@acme.example: write an address, such as ada@acme.example
      4. new.csv:4:29: there is no region "Utopia": write "EU"
    "#);
    assert_eq!(server.requests("").len(), 2);
    let known = world.run_line("child create --from new.csv --yes");
    assert!(known.stderr.contains("4. new.csv:4:29: there is no region"), "{known}");
    assert_eq!(server.requests("").len(), 2, "regions and countries are kept");
    world.write("new.csv", &format!("{TITLES}{}", rows[2]));
    let only = world.run_line("child create --from new.csv --yes");
    assert!(only.code == 2 && only.stderr.contains("error: new.csv:2:29: there is no region \"Utopia\""), "{only}");
    world.write("new.csv", &TITLES.replace("region", "regoin"));
    let one = world.run_line("child create --from new.csv --region EU --yes");
    assert!(one.code == 2 && one.stderr.contains("error: new.csv:1:29: the column \"regoin\" is not known"), "{one}");
    assert_eq!(world.run_line("child create --from nothing.csv --yes").code, 2);
    assert_eq!(world.run_line("child create --from new.csv --name Sol --yes").code, 2);
}

#[test]
fn mistakes_are_told_without_regions_and_countries_where_those_cannot_be_read() {
    let server = FakeMake::start(|_| json("401 Unauthorized", r#"{"message":"Access denied."}"#));
    let world = World::of(&server);
    world.write("new.csv", &format!("{TITLES}{}", row("Sol").replace("10000", "12345")));

    let seen = world.run_line("child create --from new.csv --yes");

    assert!(seen.code == 2 && seen.stderr.contains("error: new.csv:2:34: 12345 is not a multiple"), "{seen}");
}

#[test]
fn columns_of_another_system_are_left_out_with_one_note() {
    let world = World::new();
    world.write(
        "new.csv",
        "Company,Owner name,E-mail,Region,Country,Credits,Phone,Notes\nSol,Ada,ada@sol.example,EU,CZ,10000,1,x\n",
    );

    let seen = world.run_line("--sandbox child create --from new.csv --yes");

    let note = "new.csv: not read, since they are no columns of such a table: \"Phone\", \"Notes\".";
    assert!(seen.code == 0 && seen.stderr.matches(note).count() == 1, "{seen}");
    world.write("credits.csv", "id,credits,colour\n101,20000,red\n");
    let seen = world.run_line("--sandbox child allocate --from credits.csv --yes");
    assert!(seen.code == 0 && seen.stderr.contains("no columns of such a table: \"colour\"."), "{seen}");
}

#[test]
fn rows_and_children_that_read_or_look_alike_are_no_new_clients() {
    let world = World::new();
    write(&world, &["ACME bakery", "Sol"]);
    let stopped = world.run_line("--sandbox child create --from new.csv --yes");
    assert_snapshot!(stopped, @r#"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    error: new.csv:2:1: "ACME bakery": child 101 is called "Acme Bakery" in Make, which reads the same: write exactly that name if it is meant, else another one; nothing was sent
    "#);

    write(&world, &["Acme-Bakery", "Sol", "S-o-l"]);
    let alike = world.run_line("--sandbox child create --from new.csv --yes");
    assert!(
        alike.code == 1 && alike.stderr.contains("looks like that of 101 Acme Bakery, and 1 more names like that"),
        "{alike}"
    );
    assert_eq!(world.run_line("--sandbox child create --from new.csv --yes --allow-similar-name").code, 0);
}

#[test]
fn a_row_that_the_server_refuses_is_told_and_the_rest_goes_on() {
    let server = FakeMake::with_state(Distributor::new(), |distributor, request, body| {
        if body["organizationName"] == "Luna" {
            return json("400 Bad Request", r#"{"message":"Not today."}"#);
        }
        distributor.apply(request, body)
    });
    let world = World::of(&server);
    write(&world, &["Sol", "Luna", "Terra", "Acme"]);

    let seen = world.run_line("child create --from new.csv --report report.csv --yes -q");

    assert_snapshot!(seen, @r#"
    exit: 5
    ----- stdout -----
    LINE  NAME   OUTCOME   ID  CREDITS  ERROR
       2  Sol    created  125    10000  -
       3  Luna   failed     -        -  "Luna" in organization 11: refused, and nothing was created: 400 Not today. (1 attempt, [ELAPSED])
       4  Terra  created  126    10000  -
       5  Acme   existed  123    10000  -
    ----- stderr -----
    error: 2 steps done: 1 step failed
    hint: what is done is not done again: run the command again, once these are looked after:
      1. "Luna" in organization 11: refused, and nothing was created: 400 Not today. (1 attempt, [ELAPSED])
    "#);
    let report = std::fs::read_to_string(world.path("report.csv")).unwrap();
    let lines: Vec<_> = report.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(
        lines,
        ["5", "2", "3", "4"],
        "what is there already is known first, and the rest comes in the order of the file"
    );
    assert!(report.contains("\n3,Luna,,failed,,,"), "{report}");
    assert_eq!(server.requests("POST").len(), 3);
    let again = world.run_line("child create --from new.csv --yes -q -o json");
    assert_eq!((again.code, server.requests("POST").len()), (1, 4), "{again}");
}

#[test]
fn an_answer_that_is_lost_is_looked_for_and_never_created_again() {
    let is_lost = AtomicBool::new(true);
    let server = FakeMake::with_state(Distributor::new(), move |distributor, request, body| {
        let answer = distributor.apply(request, body);
        if is_lost.swap(false, Ordering::SeqCst) { None } else { answer }
    });
    let world = World::of(&server);
    write(&world, &["Sol", "Luna"]);

    let seen = world.run_line("child create --from new.csv --yes -q -o ndjson --settle-wait 0");

    let rows: Vec<serde_json::Value> = seen.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let outcome = |index: usize| rows[index]["outcome"].as_str().unwrap();
    assert_eq!((seen.code, rows.len()), (0, 2), "{seen}");
    assert_eq!([outcome(0), outcome(1)].iter().filter(|outcome| **outcome == "adopted").count(), 1, "{seen}");
    assert_eq!(world.run_line("child create --from new.csv --yes -q").code, 0);
    assert_eq!(server.requests("POST").len(), 2);
}

#[test]
fn a_create_that_is_still_open_stops_the_table_until_somebody_looks() {
    let (distributor, lag) = Distributor::lagging();
    let is_lost = AtomicBool::new(true);
    let server = FakeMake::with_state(distributor, move |distributor, request, body| {
        let answer = distributor.apply(request, body);
        if is_lost.swap(false, Ordering::SeqCst) { None } else { answer }
    });
    let world = World::of(&server);
    write(&world, &["Luna"]);
    let command = "child create --from new.csv --report report.csv --yes -q --settle-wait 0";

    assert_eq!(world.run_line(command).code, 5);
    assert_eq!(outcomes(&world), ["unknown"]);
    let stopped = world.run_line(command);
    assert!(
        stopped.code == 5 && stopped.stderr.contains("error: an earlier create of \"Luna\" has no known outcome"),
        "{stopped}"
    );
    lag.end();
    assert_eq!(world.run_line(command).code, 0);
    assert_eq!(outcomes(&world), ["existed"]);
    assert_eq!(server.requests("POST").len(), 1);
}

#[test]
fn a_report_replaces_an_earlier_one_and_nothing_else() {
    let world = World::new();
    write(&world, &["Sol"]);
    world.write("report.csv", "name,credits\nmine,1\n");

    let seen = world.run_line("--sandbox child create --from new.csv --report report.csv --yes");

    assert!(seen.code == 2 && seen.stderr.contains("report.csv is there and is no report of this command"), "{seen}");
    assert!(std::fs::read_to_string(world.path("report.csv")).unwrap().contains("mine"));
    assert_eq!(world.run_line("--sandbox child create --from new.csv --report report.csv --dry-run").code, 2);
}

#[test]
fn a_dry_run_of_a_table_writes_nothing() {
    let server = FakeMake::with_state(Distributor::new(), |_, request, _| panic!("{request}"));
    let world = World::of(&server);
    let names: Vec<_> = (1..=12).map(|number| format!("Client {number}")).collect();
    write(&world, &names.iter().map(String::as_str).chain(["Acme"]).collect::<Vec<_>>());

    let seen = world.run_line("child create --from new.csv --dry-run -o csv --columns line,outcome,organizationName");

    assert_eq!(seen.code, 0, "{seen}");
    assert!(seen.stdout.contains("2,planned,Client 1\n") && seen.stdout.contains("14,existed,Acme\n"), "{seen}");
    assert!(
        seen.stderr.contains("About to create 12 child organizations, none of which can ever be deleted:"),
        "{seen}"
    );
    assert!(!world.path(".local/state/mms/intents").exists(), "no journal is made for it");
}

#[test]
fn a_pool_that_does_not_suffice_for_all_creates_none() {
    let world = World::new();
    world.write(
        "new.csv",
        &(TITLES.to_owned() + &row("Sol").replace("10000", "400000") + &row("Luna").replace("10000", "400000")),
    );

    let seen = world.run_line("--sandbox child create --from new.csv --yes");

    assert!(seen.code == 1 && seen.stderr.contains("the pool lacks 300,000 credits for all of them"), "{seen}");
}

#[test]
fn the_help_names_every_column_and_its_other_names() {
    type Titles = Vec<(&'static str, &'static [&'static str])>;
    let tables: [(&str, Titles); 2] = [
        ("child create --help", mms_fleet::NewChildTable::titles().collect()),
        ("child allocate --help", mms_fleet::AllocationTable::titles().collect()),
    ];
    for (command, titles) in tables {
        let help = World::new().run_line(command).stdout;
        for title in titles.iter().flat_map(|(title, others)| std::iter::once(title).chain(*others)) {
            let words = help.split(|character: char| !character.is_alphanumeric() && character != '_');
            assert!(words.into_iter().any(|word| word == *title), "{command}: {title}");
        }
    }
}
