//! Tests of settling the intents of earlier runs.

use super::*;

#[test]
fn an_intent_of_an_earlier_run_is_settled_by_one_call() {
    let world = World::new("earlier run");
    let create = world.creation(&world.journal);
    {
        // The process dies while the answer is under way.
        let child = request("Sol");
        let mut doomed = Box::pin(create.create(PARENT, &child));
        let mut context = Context::from_waker(Waker::noop());
        while world.children().is_empty() {
            assert!(doomed.as_mut().poll(&mut context).is_pending());
            world.model.clock.advance(Duration::from_millis(10));
        }
    }
    let settled = world.settle();
    assert_eq!(settled.len(), 1);
    assert_eq!(settled[0].intent.organization_name, "Sol");
    assert_eq!(settled[0].outcome.as_ref().unwrap().organization_id(), world.children()[0]);
    assert!(world.settle().is_empty());
}

/// A journal whose open intents are settled by somebody else as soon as they were read.
#[derive(Debug)]
struct Overtaken(MemoryJournal);

impl Journal for Overtaken {
    fn open_intents(&self) -> Result<Vec<OpenIntent>, JournalError> {
        let open = self.0.open_intents()?;
        for open in &open {
            let reason = "another was faster".to_owned();
            self.0.resolve(&open.intent.id, Resolution::GivenUp { reason }, std::time::UNIX_EPOCH)?;
        }
        Ok(open)
    }

    fn claims(&self) -> Result<Vec<Claim>, JournalError> {
        self.0.claims()
    }

    fn record_intent(&self, intent: &Intent) -> Result<(), JournalError> {
        self.0.record_intent(intent)
    }

    fn record_outcome(&self, intent: &IntentId, at: Moment, outcome: &IntentOutcome) -> Result<(), JournalError> {
        self.0.record_outcome(intent, at, outcome)
    }
}

#[test]
fn an_intent_that_another_has_settled_in_the_meantime_is_not_judged_again() {
    let world = World::failing("meantime", &[Fault::LostBefore]);
    world.create().unwrap_err();
    let World { model, journal, policy } = world;
    let creation = Creation { distributor: &model, journal: &Overtaken(journal), policy: &policy };
    assert!(model.clock.run(creation.settle_open(|_| true)).unwrap().unwrap().is_empty());
}

#[test]
fn many_open_intents_cost_one_list_a_look_and_two_of_one_name_are_settled_one_by_one() {
    let mut world = World::new("many");
    world.policy.allow_same_name = true;
    let again = Intent { id: IntentId::draw(world.model.random()), api: "many".to_owned(), ..intent("Sol 0") };
    let mut names: Vec<String> = (0..20).map(|number| format!("Sol {number}")).collect();
    for name in &names {
        world.journal.record_intent(&Intent { api: "many".to_owned(), ..intent(name) }).unwrap();
    }
    world.journal.record_intent(&again).unwrap();
    for name in names.iter().skip(1) {
        world.model.state().add(name, 20_000, Duration::ZERO);
    }
    let settled = world.settle();
    assert_eq!(settled.len(), 21);
    names.remove(0);
    for name in names {
        let of_name = settled.iter().find(|settled| settled.intent.organization_name == name).unwrap();
        let child = of_name.outcome.as_ref().unwrap().organization_id();
        assert_eq!(world.model.named(&name), [child]);
    }
    let absent: Vec<_> = settled.iter().filter_map(|settled| settled.outcome.as_ref().err()).collect();
    assert!(absent.len() == 2 && absent.iter().all(|error| error.is_unproven()), "{absent:?}");
    assert_eq!(world.model.looks(), 5, "at once, and after 2, 30, 60 and 120 s");
}

#[test]
fn one_intent_is_settled_alone_and_judged_with_the_others_in_view() {
    // Both are lost. The first arrives when both were looked for in vain, takes from the pool, and does not show yet.
    let world = World::failing("one of two", &[Fault::Late(Duration::from_secs(1_000)), Fault::LostBefore]);
    world.model.state().lag = Duration::from_secs(3_600);
    let creation = world.creation(&world.journal);
    for name in ["Uno", "Dos"] {
        world.model.clock.run(creation.create(PARENT, &request(name))).unwrap().unwrap_err();
    }
    world.model.clock.advance(Duration::from_secs(1_000));
    let open = world.journal.open_intents().unwrap();
    let second = &open[1].intent.id;
    let alone =
        |id: &IntentId| world.model.clock.run(creation.settle_open(|intent| intent.id == *id)).unwrap().unwrap();

    let settled = alone(second).pop().unwrap();

    assert_eq!(settled.intent.organization_name, "Dos");
    assert!(settled.outcome.unwrap_err().is_unproven(), "the pool may have fallen for the other");
    world
        .journal
        .resolve(&open[0].intent.id, Resolution::GivenUp { reason: String::new() }, world.model.clock.wall())
        .unwrap();
    let settled = alone(second).pop().unwrap();
    assert!(settled.outcome.unwrap_err().is_contradiction(), "nothing else is open that the pool can have fallen for");
    let stranger = IntentId::draw(world.model.random());
    assert!(alone(&stranger).is_empty());
}
