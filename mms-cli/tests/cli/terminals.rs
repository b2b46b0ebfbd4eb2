//! What a person at a terminal sees and answers: questions, Ctrl-C, a token that is not shown, widths and colours.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::fake_make::{Distributor, FakeMake, list, read_answer};
use crate::support::terminal::run;
use crate::support::world::{TOKEN, World};

fn server() -> FakeMake {
    FakeMake::with_state(Distributor::new(), Distributor::apply)
}

const ALLOCATE: &str = "child allocate Acme 20000";

#[test]
fn ctrl_c_at_a_question_ends_the_line_and_says_that_nothing_was_done() {
    let server = server();

    let seen = run(&World::of(&server), ALLOCATE, &[("[y/N] ", "\u{3}")]);

    assert_eq!(seen.code, 130, "{seen:?}");
    assert!(seen.screen.ends_with("interrupted: nothing was done\n"), "{seen:?}");
    assert!(server.requests("PATCH").is_empty());
}

#[test]
fn only_a_yes_does_it_and_the_end_of_the_input_is_none() {
    for (answer, code, writes) in [("y\n", 0, 1), ("n\n", 1, 0), ("\n", 1, 0), ("\u{4}", 1, 0)] {
        let server = server();
        let seen = run(&World::of(&server), ALLOCATE, &[("[y/N] ", answer)]);
        assert_eq!((seen.code, server.requests("PATCH").len()), (code, writes), "{answer:?}: {seen:?}");
    }
}

#[test]
fn the_question_names_the_child_the_server_and_the_effect() {
    let server = server();

    let seen = run(&World::of(&server), ALLOCATE, &[("[y/N] ", "n\n")]);

    assert!(seen.screen.contains(&format!("Set 123 Acme on {} to 20,000 credits?", server.base_url())), "{seen:?}");
    assert!(seen.screen.contains("LIVE"), "{seen:?}");
}

#[test]
fn a_risk_is_drawn_in_red_and_asked_about_by_itself() {
    let server = server();

    let seen = run(&World::of(&server), "child allocate Acme 0", &[("Is that meant?", "n\n")]);

    assert!(seen.code == 1 && seen.screen.contains("\u{1b}[31m0 credits"), "{seen:?}");
    assert!(server.requests("PATCH").is_empty());
}

#[test]
fn a_login_shows_whose_token_it_is_lets_one_choose_and_never_shows_the_token() {
    let (server, world) = (FakeMake::agency(), World::new());
    let command = format!("auth login --profile live --base-url {}", server.base_url());

    let seen = run(&world, &command, &[("Token:", &format!("{TOKEN}\n")), ("Its id or name:", "agency\n")]);

    assert_eq!(seen.code, 0, "{seen:?}");
    assert!(
        seen.screen.contains("user 7 (Grace Hopper, grace@agency.example)") && seen.screen.contains("12 Own Shop"),
        "{seen:?}"
    );
    assert!(seen.screen.contains("warning:") && seen.screen.contains("managed-organizations:write"), "{seen:?}");
    assert!(!seen.screen.contains(TOKEN), "{seen:?}");
    let config = std::fs::read_to_string(world.path(".config/mms/config.toml")).unwrap();
    assert!(config.contains("organization_id = 11"), "{config}");
}

#[test]
fn ctrl_c_at_the_token_keeps_nothing() {
    let (server, world) = (FakeMake::agency(), World::new());

    let seen = run(&world, &format!("auth login --base-url {}", server.base_url()), &[("Token:", "\u{3}")]);

    assert_eq!(seen.code, 130, "{seen:?}");
    assert!(!world.path(".config").exists() && server.requests("").is_empty());
}

#[test]
fn a_token_is_shown_on_a_terminal_only_after_a_yes() {
    let world = World::new().with("MAKE_API_KEY", TOKEN);

    assert!(!run(&world, "auth token", &[("[y/N] ", "n\n")]).screen.contains(TOKEN));
    assert!(run(&world, "auth token", &[("[y/N] ", "y\n")]).screen.contains(TOKEN));
}

#[test]
fn a_wide_terminal_gets_groups_colours_a_bar_and_totals() {
    let seen = run(&World::new().with("COLUMNS", "120").with("LANG", "C.UTF-8"), "--sandbox consumption", &[]);

    assert!(
        seen.screen
            .contains("  50,000  12,003.00   37,997.00   24%  \u{1b}[32m██░░░░░░░░\u{1b}[0m  \u{1b}[32mok\u{1b}[0m"),
        "{seen:?}"
    );
    assert!(seen.screen.contains("\u{1b}[33mnear\u{1b}[0m") && seen.screen.contains("Total of 3"), "{seen:?}");
    assert!(seen.screen.contains(" ago") && seen.screen.contains("In the pool: 500,000 credits."), "{seen:?}");
}

#[test]
fn a_narrow_or_dumb_terminal_gets_what_it_can_show() {
    let narrow = run(&World::new().with("COLUMNS", "40").with("LANG", "C.UTF-8"), "--sandbox child list", &[]);
    let lines = |screen: &str| screen.lines().map(|line| plain(line).chars().count()).max().unwrap();
    assert!(lines(narrow.screen.split_once("In the pool").unwrap().0) <= 40, "{narrow:?}");

    let dumb = World::new().with("COLUMNS", "120").with("LC_ALL", "C").with("NO_COLOR", "1");
    let dumb = run(&dumb, "--sandbox consumption", &[]);
    assert!(
        dumb.screen.is_ascii() && !dumb.screen.contains('\u{1b}') && dumb.screen.contains("##........"),
        "{dumb:?}"
    );
}

/// Takes the colours out of a line.
fn plain(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or("", |(_, rest)| rest))
}

#[test]
fn a_watched_list_is_drawn_anew_and_marks_what_changed() {
    let round = AtomicUsize::new(1);
    let server = FakeMake::start(move |request| match request {
        "GET /api/v2/organizations/11/managed-organizations" => {
            let allocated = 10_000 * round.fetch_add(1, Ordering::SeqCst);
            list([(1, "Acme", i64::try_from(allocated).unwrap()), (2, "Sol", 10_000)], Some(100))
        }
        other => read_answer(other),
    });

    let seen = run(&World::of(&server), "child list --watch=1", &[("In the pool", ""), ("In the pool", "\u{3}")]);

    assert_eq!(seen.code, 0, "{seen:?}");
    let second = seen.screen.rsplit("\u{1b}[2J").next().unwrap();
    assert!(second.contains("CHANGED") && second.contains('*'), "{seen:?}");
    let marked: Vec<_> = second.lines().filter(|line| line.contains('*')).collect();
    assert!(marked.len() == 1 && marked[0].contains("Acme") && marked[0].contains("20,000"), "{seen:?}");
}

#[test]
fn a_watched_list_shows_what_has_room_on_the_terminal_and_says_what_has_not() {
    let children: Vec<_> = (1..=9).map(|id| (id, 10_000)).collect();
    let server = FakeMake::with_state(Distributor::of(&children), Distributor::apply);

    let world = World::of(&server).with("LINES", "8").with("NO_COLOR", "1");
    let seen = run(&world, "child list --watch=60 --columns id", &[("no room", "\u{3}")]);

    let screen = seen.screen.rsplit("\u{1b}[2J").next().unwrap();
    let rows = screen.lines().filter(|line| line.trim().parse::<u8>().is_ok()).count();
    assert!(seen.code == 0 && rows == 3 && screen.contains("6 more have no room"), "{seen:?}");
}

#[test]
fn an_id_can_be_copied_from_a_terminal() {
    let server = FakeMake::with_state(Distributor::of(&[(1_234_567, 10_000)]), Distributor::apply);
    let seen = run(&World::of(&server).with("NO_COLOR", "1"), "child list --columns id,credits --no-header -q", &[]);
    assert!(seen.screen.starts_with("1234567  10,000\n"), "{seen:?}");
}
