//! Child of a fleet from its entry and the defaults of its file, with the checks that need both.

use mms_types::{Operations, OrganizationName};

use super::decode::{Credits, EnumText, Flag, Found, HOLD, Id, Labels, Reading};
use super::document::{Defaults, Entry, OwnerFields};
use super::yaml::At;
use crate::fleet::child::{Child, CreateWhen, EnumRef, Owner, Until};

/// Fills the defaults into an entry and reports what cannot be together. `at` is where its name stands.
pub(super) fn child(
    name: &OrganizationName,
    at: At,
    entry: &Entry,
    defaults: &Defaults,
    reading: &mut Reading<'_>,
) -> Child {
    let retired = is(entry.retired.as_ref());
    let allocation = Allocation::of(entry, defaults, reading);
    let labels = labels(entry, defaults, reading);
    let (id, create) = match entry.id.as_ref().map(|id| id.value) {
        Some(Id::Known(id)) => (Some(id), CreateWhen::NotRenamed),
        Some(Id::New) => (None, CreateWhen::Always),
        None => (None, CreateWhen::NotRenamed),
    };
    if let (Some(id), true, true) = (&entry.id, retired, create == CreateWhen::Always) {
        reading.problem(id.at, "a retired child cannot be new", "remove the entry, or write the id of the child");
    }
    Child {
        hold: labels.hold(),
        labels: labels.0,
        name: name.clone(),
        id,
        create,
        external_id: entry.external_id.as_ref().map(|id| id.value.0.clone()),
        owner: owner(entry.owner.as_ref().or(defaults.owner.as_ref())),
        region: reference(entry.region.as_ref().or(defaults.region.as_ref()), reading),
        country: reference(entry.country.as_ref().or(defaults.country.as_ref()), reading),
        credits: allocation.credits,
        until: allocation.until,
        minimum: allocation.minimum,
        maximum: allocation.maximum,
        priority: entry.priority.as_ref().or(defaults.priority.as_ref()).map_or(0, |priority| priority.value.0),
        allow_pause: is(entry.allow_pause.as_ref().or(defaults.allow_pause.as_ref())),
        retired,
        place: Some(reading.place(at)),
    }
}

/// Returns the labels of the defaults and of an entry: they add up, so that no entry of a file that is held as a whole is changed.
fn labels(entry: &Entry, defaults: &Defaults, reading: &mut Reading<'_>) -> Labels {
    let all = [&defaults.labels, &entry.labels].into_iter().flatten();
    let mut labels = Labels(all.flat_map(|labels| &labels.value.0).cloned().collect());
    if let Some(hold) = entry.hold.as_ref() {
        if hold.value.0 {
            labels.0.insert(HOLD.to_owned());
        } else if labels.hold() {
            reading.problem(hold.at, "hold is false, and the label hold is there", "keep one of them");
        }
    }
    labels
}

/// Reports what the defaults of a file cannot be together, once and not at each child.
pub(super) fn check_defaults(defaults: &Defaults, reading: &mut Reading<'_>) {
    let bounds = [("credits", &defaults.credits), ("minimum", &defaults.minimum), ("maximum", &defaults.maximum)];
    let at = bounds.iter().find_map(|(_, found)| found.as_ref()).map(|found| found.at);
    if let (Some(at), Some((message, help))) = (at, disorder(&bounds.map(|(key, found)| (key, value(found.as_ref())))))
    {
        reading.problem(at, format!("defaults: {message}"), help);
    }
}

/// What a child is to have, now and later, and between which bounds.
struct Allocation {
    credits: Option<Operations>,
    until: Option<Until>,
    minimum: Option<Operations>,
    maximum: Option<Operations>,
}

impl Allocation {
    /// Takes what an entry and the defaults say, and reports what of it cannot be together. Of a value that cannot be used nothing follows:
    /// it is another mistake, told at its place.
    fn of(entry: &Entry, defaults: &Defaults, reading: &mut Reading<'_>) -> Self {
        if entry.unusable.has("retired") {
            return Self { credits: None, until: None, minimum: None, maximum: None };
        }
        if is(entry.retired.as_ref()) {
            return Self::of_retired(entry, reading);
        }
        let pick = |key, own: &Option<Found<Credits>>, default: &Option<Found<Credits>>| {
            if entry.unusable.has(key) { None } else { value(own.as_ref().or(default.as_ref())) }
        };
        let allocation = Self {
            credits: pick("credits", &entry.credits, &defaults.credits),
            until: until(entry, reading),
            minimum: pick("minimum", &entry.minimum, &defaults.minimum),
            maximum: pick("maximum", &entry.maximum, &defaults.maximum),
        };
        let is_without = entry.credits.is_none() && allocation.credits.is_none();
        if let (Some(_), true, Some(found)) = (&entry.then, is_without, &entry.until)
            && !(entry.unusable.has("credits") || defaults.unusable.has("credits"))
        {
            reading.problem(
                found.at,
                "credits end, and there are none",
                "write credits: and the allocation up to that day",
            );
        }
        allocation.check_order(entry, reading);
        allocation
    }

    /// Reports what the entry itself has brought out of order.
    fn check_order(&self, entry: &Entry, reading: &mut Reading<'_>) {
        let bounds = [("credits", self.credits), ("minimum", self.minimum), ("maximum", self.maximum)];
        let own = [&entry.credits, &entry.minimum, &entry.maximum].into_iter().flatten().next();
        if let (Some(found), Some((message, help))) = (own, disorder(&bounds)) {
            reading.problem(found.at, message, help);
        }
        let then = entry.then.as_ref().map(|then| then.value.0);
        let later = [("then", then), ("minimum", self.minimum), ("maximum", self.maximum)];
        if let (Some(then), Some((message, help))) = (&entry.then, disorder(&later))
            // Of minimum and maximum it was said above, or of the defaults.
            && !message.starts_with("minimum")
        {
            reading.problem(then.at, message, help);
        }
    }

    /// Says what a retired child has: nothing, whatever the defaults are.
    fn of_retired(entry: &Entry, reading: &mut Reading<'_>) -> Self {
        if let Some(credits) = entry.credits.as_ref().filter(|credits| credits.value.0.get() > 0) {
            let message = format!("a retired child cannot have {} credits", credits.value.0);
            reading.problem(credits.at, message, "remove credits, or retired");
        }
        let end = entry.until.as_ref().map(|until| until.at).or(entry.then.as_ref().map(|then| then.at));
        if let Some(at) = end {
            reading.problem(at, "a retired child has no credits that end", "remove until and then, or retired");
        }
        Self { credits: value(entry.credits.as_ref()), until: None, minimum: None, maximum: None }
    }
}

/// Returns the end of credits, or reports that a part of it is missing.
fn until(entry: &Entry, reading: &mut Reading<'_>) -> Option<Until> {
    match (&entry.until, &entry.then) {
        (Some(until), Some(then)) => return Some(Until { day: until.value.0, then: then.value.0 }),
        (Some(until), None) if !entry.unusable.has("then") => {
            let message = format!("the credits end on {}, and nothing says what follows", until.value.0);
            let help = "write then: and the allocation of the days after, such as then: 10000";
            reading.problem(until.at, message, help);
        }
        (None, Some(then)) if !entry.unusable.has("until") => {
            let help = "write until: and the last day of the credits, such as until: 2026-12-31";
            reading.problem(then.at, "then says what follows, and no day is the last", help);
        }
        _ => {}
    }
    None
}

/// Says which of credits, minimum and maximum are out of order, and what to write.
fn disorder(
    [(key, credits), (_, minimum), (_, maximum)]: &[(&str, Option<Operations>); 3],
) -> Option<(String, String)> {
    match (credits, minimum, maximum) {
        (_, Some(minimum), Some(maximum)) if minimum > maximum => Some((
            format!("minimum {minimum} is more than maximum {maximum}"),
            format!("write a maximum of at least {minimum}, or a minimum of at most {maximum}"),
        )),
        (Some(credits), Some(minimum), _) if credits < minimum => Some((
            format!("{key} {credits} is less than minimum {minimum}"),
            format!("write {key} of at least {minimum}, or a minimum of at most {credits}"),
        )),
        (Some(credits), _, Some(maximum)) if credits > maximum => Some((
            format!("{key} {credits} is more than maximum {maximum}"),
            format!("write {key} of at most {maximum}, or a maximum of at least {credits}"),
        )),
        _ => None,
    }
}

fn value(found: Option<&Found<Credits>>) -> Option<Operations> {
    found.map(|found| found.value.0)
}

fn is(found: Option<&Found<Flag>>) -> bool {
    found.is_some_and(|found| found.value.0)
}

fn reference(found: Option<&Found<EnumText>>, reading: &Reading<'_>) -> Option<EnumRef> {
    found.map(|found| EnumRef { text: found.value.0.clone(), place: Some(reading.place(found.at)) })
}

/// Returns the owner; nothing where a part of one is missing, which was reported.
fn owner(found: Option<&Found<OwnerFields>>) -> Option<Owner> {
    let OwnerFields { email, name, .. } = &found?.value;
    Some(Owner { email: email.as_ref()?.value.0.clone(), name: name.as_ref()?.value.0.clone() })
}
