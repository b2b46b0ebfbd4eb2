//! `mms open`: the address of a page, and who opens it.

use crate::support::fake_make::{FakeMake, list, read_answer};
use crate::support::world::{TOKEN, World};

#[test]
fn the_distributors_page_and_an_id_need_neither_token_nor_request() {
    let world = World::new().with("MAKE_ZONE", "us1.make.com").with("MMS_ORGANIZATION_ID", "11");
    for (command, url) in [
        ("open", "https://us1.make.com/organization/11/dashboard\n"),
        ("open --print --zone eu2.make.com", "https://eu2.make.com/organization/11/dashboard\n"),
        ("open 123", "https://us1.make.com/organization/123/dashboard\n"),
        ("open id:123", "https://us1.make.com/organization/123/dashboard\n"),
        ("open --base-url https://eu1.make.com/api/v2", "https://eu1.make.com/organization/11/dashboard\n"),
    ] {
        let seen = world.run_line(command);
        assert_eq!((seen.code, seen.stdout.as_str(), seen.stderr.as_str()), (0, url, ""), "{command}");
    }
    let page = world.run_line("open 123 -o json").json();
    assert_eq!(page["opened"], false);
    assert_eq!(page["url"], "https://us1.make.com/organization/123/dashboard");
}

#[test]
fn a_name_is_looked_up_and_the_zone_of_the_child_counts() {
    let server = FakeMake::start(read_answer);
    let seen = World::of(&server).run_line("open acm");
    assert_eq!((seen.code, seen.stdout.as_str()), (0, "https://eu1.make.com/organization/123/dashboard\n"), "{seen}");
    assert_eq!(server.requests("").len(), 1);

    let seen = World::of(&server).run_line("open Nobody");
    assert_eq!((seen.code, seen.stdout.as_str()), (7, ""), "{seen}");
}

#[test]
fn a_zone_that_is_none_of_makes_is_never_opened() {
    let server = FakeMake::start(|_| {
        let (status, kind, body) = list([(123, "Acme", 0)], Some(100))?;
        Some((
            status,
            kind,
            body.replace("\"organizationId\"", "\"zoneDomain\":\"elsewhere.example/x?\",\"organizationId\""),
        ))
    });
    let seen = World::of(&server).run_line("open Acme");
    assert_eq!((seen.code, seen.stdout.as_str()), (2, ""), "{seen}");
    assert!(seen.stderr.contains("names \"elsewhere.example/x?\" as the child's zone"), "{seen}");
}

#[test]
fn what_has_no_web_application_is_wrong_use() {
    let world = World::new().with("MMS_ORGANIZATION_ID", "11").with("MAKE_API_KEY", TOKEN);
    for (command, said) in [
        ("--sandbox open", "a sandbox has no web application"),
        ("--sandbox open Acme", "a sandbox has no web application"),
        ("--base-url http://127.0.0.1:1/api/v2 open", "no zone of Make is given"),
        ("--base-url https://elsewhere.example/eu1.make.com open 123", "no zone of Make is given"),
        ("open", "no zone of Make is given"),
    ] {
        let seen = world.run_line(command);
        assert!(seen.code == 2 && seen.stderr.contains(said) && seen.stderr.contains("--zone"), "{command}: {seen}");
        assert_eq!(seen.stdout, "");
    }
    let seen = World::new().run_line("open --zone eu1.make.com");
    assert!(seen.code == 2 && seen.stderr.contains("no organization given"), "{seen}");
}

#[test]
fn a_sandbox_that_serves_has_no_web_application_either() {
    let server = crate::support::server::Server::start(&World::new(), &[]);
    let seen = server.world().run_line("open acme");
    assert!(seen.code == 2 && seen.stderr.contains("a sandbox has no web application"), "{seen}");
}

#[cfg(target_os = "linux")]
mod on_a_terminal {
    use super::*;
    use crate::support::terminal;
    use crate::support::world::set_mode;

    const URL: &str = "https://eu1.make.com/organization/11/dashboard";

    /// Makes a world with a program that notes what it was called with, and ends with this code.
    fn world_with(program: &str, code: i32) -> World {
        let world = World::new().with("MAKE_ZONE", "eu1.make.com").with("MMS_ORGANIZATION_ID", "11");
        std::fs::create_dir(world.path("bin")).unwrap();
        let calls = world.path("calls");
        let path = world.write(program, &format!("#!/bin/sh\necho \"$@\" > '{}'\nexit {code}\n", calls.display()));
        set_mode(&path, 0o700);
        let directories = format!("{}:/usr/bin:/bin", world.path("bin").display());
        world.with("PATH", directories)
    }

    fn calls(world: &World) -> String {
        std::fs::read_to_string(world.path("calls")).unwrap_or_default()
    }

    #[test]
    fn the_page_is_opened_and_its_address_printed() {
        let world = world_with("bin/browse", 0).with("BROWSER", "browse --new-tab");
        let seen = terminal::run(&world, "open", &[]);
        assert_eq!((seen.code, seen.screen.as_str()), (0, format!("{URL}\n").as_str()));
        assert_eq!(calls(&world), format!("--new-tab {URL}\n"));
    }

    #[test]
    fn print_opens_nothing() {
        let world = world_with("bin/browse", 0).with("BROWSER", "browse");
        let seen = terminal::run(&world, "open --print", &[]);
        assert_eq!((seen.code, seen.screen.as_str(), calls(&world).as_str()), (0, format!("{URL}\n").as_str(), ""));
    }

    #[test]
    fn an_address_that_no_browser_shows_is_printed_all_the_same() {
        for browser in ["absent", "browse"] {
            let world = world_with("bin/browse", 3).with("BROWSER", browser);
            let seen = terminal::run(&world, "open", &[]);
            assert_eq!(seen.code, 0, "{seen:?}");
            assert!(seen.screen.contains(&format!("no browser could be opened: {browser} of BROWSER")), "{seen:?}");
            assert!(seen.screen.ends_with(&format!("{URL}\n")), "{seen:?}");
        }
    }

    #[test]
    fn a_desktop_without_a_browser_is_told_without_the_programs_that_failed() {
        let world = world_with("bin/unrelated", 0);
        // Nothing is there but the terminal itself.
        std::os::unix::fs::symlink("/usr/bin/script", world.path("bin/script")).unwrap();
        let bin = world.path("bin").display().to_string();
        let world = world.with("PATH", bin);
        let seen = terminal::run(&world, "open", &[]);
        let told = format!("no browser could be opened: the desktop has none, and BROWSER names none\n{URL}\n");
        assert!(seen.code == 0 && seen.screen.ends_with(&told), "{seen:?}");
        let seen = terminal::run(&world, "open -v", &[]);
        assert!(
            seen.screen.contains("no browser could be opened: ") && !seen.screen.contains("names none"),
            "{seen:?}"
        );
    }
}
