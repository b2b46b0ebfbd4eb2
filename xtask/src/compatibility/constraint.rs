//! Constraints of a schema: whether a change of one key allows more values or fewer.

use std::cmp::Ordering;

use serde_json::{Number, Value, json};

use crate::schemas::structure;

/// How the set of allowed values changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Some values are no longer allowed.
    Narrowed,
    /// Some values are allowed that were not.
    Widened,
    /// Another set, or one whose relation to the first cannot be told.
    Replaced,
}

impl Change {
    /// Judges the key of a schema, each side null where the key is absent. Returns nothing where both say the same.
    pub(crate) fn of(key: &str, old: &Value, new: &Value) -> Option<Self> {
        match key {
            "minimum" | "minLength" | "minItems" | "minProperties" => bound(old, new, Ordering::Greater),
            "maximum" | "maxLength" | "maxItems" | "maxProperties" => bound(old, new, Ordering::Less),
            "exclusiveMinimum" | "exclusiveMaximum" | "uniqueItems" => flag(old, new, Self::Narrowed),
            "nullable" => flag(old, new, Self::Widened),
            "additionalProperties" => additional(old, new),
            "multipleOf" => step(old, new),
            "enum" => choice(old, new),
            "pattern" => limit(old, new, |_, _| Self::Replaced),
            _ => (structure(&json!({ key: old })) != structure(&json!({ key: new }))).then_some(Self::Replaced),
        }
    }

    fn reversed(self) -> Self {
        match self {
            Self::Narrowed => Self::Widened,
            Self::Widened => Self::Narrowed,
            Self::Replaced => Self::Replaced,
        }
    }
}

/// Judges a limit: to add one narrows, to drop one widens, and `both` says what it is to change one.
fn limit(old: &Value, new: &Value, both: impl Fn(&Value, &Value) -> Change) -> Option<Change> {
    match (old, new) {
        (Value::Null, Value::Null) => None,
        (Value::Null, _) => Some(Change::Narrowed),
        (_, Value::Null) => Some(Change::Widened),
        (old, new) if old == new => None,
        (old, new) => Some(both(old, new)),
    }
}

fn bound(old: &Value, new: &Value, narrower: Ordering) -> Option<Change> {
    match (old, new) {
        (Value::Number(old), Value::Number(new)) => match order(new, old)? {
            Ordering::Equal => None,
            ordering if ordering == narrower => Some(Change::Narrowed),
            _ => Some(Change::Widened),
        },
        (old, new) => limit(old, new, |_, _| Change::Replaced),
    }
}

fn flag(old: &Value, new: &Value, set: Change) -> Option<Change> {
    match (*old == Value::Bool(true), *new == Value::Bool(true)) {
        (false, true) => Some(set),
        (true, false) => Some(set.reversed()),
        (true, true) | (false, false) => None,
    }
}

/// Judges `additionalProperties`, which is true where it is absent.
fn additional(old: &Value, new: &Value) -> Option<Change> {
    let open = |value: &Value| matches!(value, Value::Null | Value::Bool(true));
    let closed = |value: &Value| *value == Value::Bool(false);
    match (old, new) {
        (old, new) if open(old) && open(new) || closed(old) && closed(new) => None,
        (old, new) if open(old) || closed(new) => Some(Change::Narrowed),
        (old, new) if closed(old) || open(new) => Some(Change::Widened),
        _ => Some(Change::Replaced),
    }
}

fn step(old: &Value, new: &Value) -> Option<Change> {
    limit(old, new, |old, new| match (old.as_u64(), new.as_u64()) {
        (Some(old), Some(new)) if old > 0 && new % old == 0 => Change::Narrowed,
        (Some(old), Some(new)) if new > 0 && old % new == 0 => Change::Widened,
        _ => Change::Replaced,
    })
}

fn choice(old: &Value, new: &Value) -> Option<Change> {
    let missing_in = |values: &Value, other: &Value| {
        let other = other.as_array();
        values.as_array().into_iter().flatten().any(|value| other.is_none_or(|other| !other.contains(value)))
    };
    if old.is_array() && new.is_array() && !missing_in(old, new) && !missing_in(new, old) {
        return None;
    }
    limit(old, new, |old, new| match (missing_in(old, new), missing_in(new, old)) {
        (true, false) => Change::Narrowed,
        (false, true) => Change::Widened,
        _ => Change::Replaced,
    })
}

/// Orders two numbers, integers exactly.
fn order(left: &Number, right: &Number) -> Option<Ordering> {
    match (left.as_i128(), right.as_i128()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Change;

    fn judge(key: &str, old: &Value, new: &Value) -> Option<Change> {
        Change::of(key, old, new)
    }

    #[test]
    fn every_limit_can_be_narrowed_and_widened() {
        let narrowed = [
            ("minimum", json!(null), json!(0)),
            ("minimum", json!(0), json!(1)),
            ("maximum", json!(100), json!(99.5)),
            ("maxLength", json!(10), json!(9)),
            ("multipleOf", json!(5000), json!(10000)),
            ("multipleOf", json!(null), json!(10)),
            ("pattern", json!(null), json!("^a$")),
            ("enum", json!(["a", "b"]), json!(["a"])),
            ("nullable", json!(true), json!(null)),
            ("uniqueItems", json!(false), json!(true)),
            ("exclusiveMinimum", json!(null), json!(true)),
            ("additionalProperties", json!(null), json!(false)),
            ("additionalProperties", json!(true), json!({"type": "string"})),
            ("additionalProperties", json!({"type": "string"}), json!(false)),
        ];
        for (key, old, new) in narrowed {
            assert_eq!(judge(key, &old, &new), Some(Change::Narrowed), "{key}: {old} -> {new}");
            assert_eq!(judge(key, &new, &old), Some(Change::Widened), "{key}: {new} -> {old}");
        }
    }

    #[test]
    fn what_cannot_be_compared_is_replaced() {
        let replaced = [
            ("type", json!("integer"), json!("string")),
            ("format", json!("int64"), json!(null)),
            ("pattern", json!("^a$"), json!("^b$")),
            ("multipleOf", json!(4), json!(6)),
            ("enum", json!(["a"]), json!(["b"])),
            ("oneOf", json!([{"type": "string"}]), json!([{"type": "integer"}])),
        ];
        for (key, old, new) in replaced {
            assert_eq!(judge(key, &old, &new), Some(Change::Replaced), "{key}: {old} -> {new}");
        }
    }

    #[test]
    fn two_ways_to_say_the_same_are_no_change() {
        let same = [
            ("minimum", json!(1), json!(1.0)),
            ("nullable", json!(null), json!(false)),
            ("enum", json!(["a", "b"]), json!(["b", "a"])),
            ("additionalProperties", json!(null), json!(true)),
            ("oneOf", json!([{"type": "string", "description": "a"}]), json!([{"type": "string"}])),
        ];
        for (key, old, new) in same {
            assert_eq!(judge(key, &old, &new), None, "{key}: {old} -> {new}");
        }
    }
}
