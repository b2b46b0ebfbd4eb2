//! Plans for a pull request.

use insta::assert_snapshot;
use tokio::runtime::Builder;

use super::{add, edit, imported};
use crate::frugality::sandbox_with;
use crate::support::fake_make::{FakeMake, json, read_answer};
use crate::support::world::World;

#[test]
fn a_plan_in_markdown_has_creates_in_a_block_and_no_whole_address() {
    let world = imported();
    edit(&world, "credits: 50000", "credits: 60000");
    add(
        &world,
        "  Dorado_@Foods (*1*): {owner: {email: ada@dorado.example, name: Ada}, region: EU, country: CZ, credits: 20000}\n",
    );

    let seen = world.run_line("--sandbox plan -o markdown");
    assert_snapshot!(seen, @r"
    exit: 0
    ----- stdout -----
    ### Plan for SANDBOX [HOME]/data/mms/sandbox.db, distributor 11, by fleet.yaml

    **To be changed: 1**

    |  | NAME | ID | BEFORE |  | AFTER | CHANGE |  |
    | --- | --- | ---: | ---: | --- | ---: | ---: | --- |
    | \~ | Borealis Travel | 102 | 50,000 | → | 60,000 | +10,000 |  |

    **To be created, and never to be deleted: 1**

    |  | NAME | CREDITS | OWNER | REGION | COUNTRY |
    | --- | --- | ---: | --- | --- | --- |
    | + | Dorado\_@<!-- -->Foods (\*1\*) | 20,000 | a…@<!-- -->dorado.example | EU | CZ |

    - Plan: 1 to create, 1 to raise; 2 as the fleet asks
    - Credits: 0 back to the pool, 30,000 out of it
    - Pool: 500,000 before, 470,000 at its lowest, 470,000 after
    - Requests: 11, all at once at 240 a minute
    ----- stderr -----
    ");
    assert!(!seen.stdout.contains("ada@"));
}

#[test]
fn a_name_of_the_server_breaks_no_table_and_calls_nobody() {
    let server = FakeMake::start(|request| {
        if request.ends_with("managed-organizations") {
            let name = r"| `x` <img src=y> @ada\u001b[31m [a](b) #1";
            let body = format!(
                r#"{{"managedOrganizations":[{{"organizationId":123,"organizationName":"{name}","operationsAllocated":10000}}],
                "pg":{{"limit":100}}}}"#
            );
            return json("200 OK", &body);
        }
        read_answer(request)
    });
    let world = World::of(&server);
    world.write("fleet.yaml", "format: 1\norganization: 11\nchildren:\n  Acme: {id: 123}\n");

    let seen = world.run_line("plan -o markdown");
    let row = seen.stdout.lines().find(|line| line.contains("Acme")).unwrap();
    assert_eq!(
        row,
        r"| ! | Acme | 123 | name | Acme | \| \`x\` &lt;img src=y&gt; @<!-- -->ada\\u{1b}\[31m \[a\](b) #<!-- -->1 |"
    );
}

#[test]
fn a_list_is_a_table_in_markdown_too() {
    let seen = World::new().run_line("--sandbox child list --limit 1 -o markdown");
    assert_eq!(
        seen.stdout,
        "| ID | NAME | CREDITS | ZONE |\n| ---: | --- | ---: | --- |\n| 101 | Acme Bakery | 10,000 | eu1.make.com |\n"
    );

    let seen = World::new().run_line("--sandbox api GET /organizations/11 -o markdown");
    assert!(seen.code == 2 && seen.stderr.contains("no table for markdown"), "{seen}");
}

#[test]
fn a_long_plan_fits_into_a_comment() {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let sandbox = runtime.block_on(sandbox_with(1_250));
    let world = World::new()
        .with("MMS_BASE_URL", sandbox.base_url())
        .with("MAKE_API_KEY", sandbox.token())
        .with("MMS_ORGANIZATION_ID", "11");
    assert_eq!(world.run_line("import -q").code, 0);
    let fleet = super::text(&world, "fleet.yaml").replace("credits: 10000", "credits: 20000");
    world.write("fleet.yaml", &fleet);

    let seen = world.run_line("plan -o markdown");

    assert!(seen.stdout.contains("**To be changed: 1,250**") && seen.stdout.contains("and 1,050 more"), "{seen}");
    assert!(seen.stdout.len() < 65_536, "{}", seen.stdout.len());
    runtime.block_on(sandbox.stop()).unwrap();
}
