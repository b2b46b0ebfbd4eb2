//! Used share of an allocation, in exact arithmetic, what is left, and the counters behind it.

use std::cmp::Ordering;

use mms_types::{Centicredits, ChildOrganizationConsumption, OrganizationId, Timestamp};
use serde::{Serialize, Serializer};

use crate::output::data::{Tone, Value};

/// A child's counters since its last reset; each is null where the server did not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Usage {
    pub(crate) centicredits_consumed: Option<Centicredits>,
    pub(crate) centicredits_extra: Option<Centicredits>,
    pub(crate) operations_consumed: Option<i64>,
    pub(crate) operations_extra: Option<i64>,
    pub(crate) transfer_consumed: Option<i64>,
    pub(crate) transfer_extra: Option<i64>,
    pub(crate) last_reset: Option<Timestamp>,
    /// The credits that are consumed.
    pub(crate) credits_consumed: Option<Credits>,
    /// What is left of the allocation; negative where more is consumed. Null where one of the two is unknown.
    pub(crate) credits_left: Option<Credits>,
    /// The share of the allocation that is used, in whole percent rounded down. Without an allocation it is the share of one
    /// credit, so that it sorts behind every other; null where consumption or allocation are unknown.
    pub(crate) used_percent: Option<u64>,
    pub(crate) state: State,
}

impl Usage {
    /// Joins a consumption with the allocation that it counts against, each of them if it is known. `near` is the share in percent
    /// from which a child counts as near its limit.
    pub(crate) fn new(consumption: Option<ChildOrganizationConsumption>, allocated: Option<i64>, near: u64) -> Self {
        let consumed = consumption.as_ref().and_then(|row| row.centicredits_consumed);
        let derived = Self {
            credits_consumed: consumed.map(|consumed| Credits(consumed.get().into())),
            credits_left: consumed.zip(allocated).map(|(consumed, allocated)| Credits::left(consumed, allocated)),
            used_percent: consumed.zip(allocated).map(|(consumed, allocated)| used_percent(consumed, allocated)),
            state: State::of(consumed, allocated, near),
            ..Self::default()
        };
        let Some(row) = consumption else { return derived };
        Self {
            centicredits_consumed: row.centicredits_consumed,
            centicredits_extra: row.centicredits_extra,
            operations_consumed: row.operations_consumed,
            operations_extra: row.operations_extra,
            transfer_consumed: row.transfer_consumed,
            transfer_extra: row.transfer_extra,
            last_reset: row.last_reset,
            ..derived
        }
    }
}

/// State of a child by what it has and what it has consumed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// Enough is left.
    Ok,
    /// The share that is used has reached the threshold.
    Near,
    /// All of it is used: Make pauses the scenarios, unless there are extra credits.
    Over,
    /// It has no allocation: nothing runs.
    Paused,
    /// The server did not say what it has or what it has consumed.
    #[default]
    NotReported,
}

impl State {
    fn of(consumed: Option<Centicredits>, allocated: Option<i64>, near: u64) -> Self {
        match (consumed, allocated) {
            (_, Some(..=0)) => Self::Paused,
            (None, _) | (_, None) => Self::NotReported,
            (Some(consumed), Some(allocated)) => match used_percent(consumed, allocated) {
                100.. => Self::Over,
                percent if percent >= near => Self::Near,
                _ => Self::Ok,
            },
        }
    }

    /// Returns the word for it, as it is in every form of output.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Near => "near",
            Self::Over => "over",
            Self::Paused => "paused",
            Self::NotReported => "not_reported",
        }
    }

    /// Returns what it means for a reader.
    pub(crate) const fn tone(self) -> Tone {
        match self {
            Self::Ok => Tone::Good,
            Self::Near | Self::NotReported => Tone::Warning,
            Self::Over | Self::Paused => Tone::Bad,
        }
    }
}

impl From<State> for Value<'_> {
    fn from(state: State) -> Self {
        Self::Word(state.word(), state.tone())
    }
}

/// Credits in hundredths, negative where something is exceeded. In JSON they are a number of credits, such as 9412.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Credits(pub(crate) i128);

impl Credits {
    fn left(consumed: Centicredits, allocated: i64) -> Self {
        Self(i128::from(allocated) * 100 - i128::from(consumed.get()))
    }
}

impl Serialize for Credits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (sign, hundredths) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        match i64::try_from(self.0 / 100) {
            Ok(whole) if hundredths % 100 == 0 => serializer.serialize_i64(whole),
            // JSON has no other number with decimals; up to 90,000,000,000,000 credits it is exact.
            _ => {
                let text = format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100);
                serializer.serialize_f64(text.parse().unwrap_or(f64::MAX))
            }
        }
    }
}

#[cfg(test)]
impl schemars::JsonSchema for Credits {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Credits".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number", "description": "Credits, with up to two decimals." })
    }
}

impl From<Credits> for Value<'_> {
    fn from(credits: Credits) -> Self {
        Self::Credits(credits.0)
    }
}

/// A used share of an allocation, as a fraction that compares exactly.
///
/// Without an allocation, any consumption is more than every share and none is no share at all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Share {
    centicredits: u64,
    credits: u64,
}

impl Share {
    /// Takes what is used and what is allocated, if both are known.
    pub(crate) fn new(consumed: Option<Centicredits>, allocated: Option<i64>) -> Option<Self> {
        Some(match (consumed?.get(), u64::try_from(allocated?).unwrap_or_default()) {
            (0, 0) => Self { centicredits: 0, credits: 1 },
            (_, 0) => Self { centicredits: 1, credits: 0 },
            (centicredits, credits) => Self { centicredits, credits },
        })
    }
}

/// Returns whole percent: a credit is 100 centicredits, so that the hundreds cancel out. Without an allocation one credit stands for it.
fn used_percent(consumed: Centicredits, allocated: i64) -> u64 {
    consumed.get() / u64::try_from(allocated).unwrap_or_default().max(1)
}

impl Ord for Share {
    fn cmp(&self, other: &Self) -> Ordering {
        let cross = |left: &Self, right: &Self| u128::from(left.centicredits) * u128::from(right.credits);
        cross(self, other).cmp(&cross(other, self))
    }
}

impl PartialOrd for Share {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Share {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Share {}

/// Returns the consumption of a child. Of two rows the larger counts, and one that does not say may be it: a child is paused by what
/// it has consumed.
pub(crate) fn row_of(
    id: OrganizationId,
    rows: impl IntoIterator<Item = ChildOrganizationConsumption>,
) -> Option<ChildOrganizationConsumption> {
    rows.into_iter().filter(|row| row.organization_id == id).max_by(ChildOrganizationConsumption::compare_consumed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(centicredits: u64, allocated: i64) -> Share {
        Share::new(Some(Centicredits::new(centicredits)), Some(allocated)).unwrap()
    }

    #[test]
    fn shares_compare_exactly_where_floats_would_not() {
        assert!(share(u64::MAX - 1, i64::MAX) < share(u64::MAX, i64::MAX));
        assert!(share(u64::MAX, i64::MAX) < share(u64::MAX, i64::MAX - 1));
        assert_eq!(share(3, 10_000), share(6, 20_000));
    }

    #[test]
    fn consumption_without_an_allocation_is_worst_of_all() {
        assert!(share(1, 0) > share(u64::MAX, 1));
        assert!(share(1, -5) > share(u64::MAX, 1));
        assert_eq!(share(1, 0), share(700, 0));
    }

    #[test]
    fn no_consumption_is_the_same_with_and_without_an_allocation() {
        assert_eq!(share(0, 0), share(0, 10_000));
        assert!(share(0, 0) < share(1, 10_000));
    }

    #[test]
    fn percent_is_rounded_down_and_can_exceed_a_hundred() {
        let percent = |centicredits, allocated| used_percent(Centicredits::new(centicredits), allocated);

        assert_eq!(percent(941_250, 10_000), 94);
        assert_eq!(percent(999_999, 10_000), 99);
        assert_eq!(percent(2_500_000, 10_000), 250);
        assert_eq!(percent(u64::MAX, 1), u64::MAX);
    }

    #[test]
    fn consumption_without_an_allocation_has_a_percent_that_sorts_behind_the_others() {
        for allocated in [0, -10_000] {
            assert_eq!(used_percent(Centicredits::new(990_000), allocated), 990_000);
            assert_eq!(used_percent(Centicredits::default(), allocated), 0);
        }
    }

    fn usage(consumed: Option<u64>, allocated: Option<i64>) -> Usage {
        let row = consumed.map(|consumed| mms_types::samples::consumption(101, consumed));
        Usage::new(row, allocated, 80)
    }

    #[test]
    fn every_child_has_a_state() {
        for (consumed, allocated, state) in [
            (Some(799_999), Some(10_000), State::Ok),
            (Some(800_000), Some(10_000), State::Near),
            (Some(999_999), Some(10_000), State::Near),
            (Some(1_000_000), Some(10_000), State::Over),
            (Some(990_000), Some(0), State::Paused),
            (Some(0), Some(0), State::Paused),
            (None, Some(0), State::Paused),
            (None, Some(10_000), State::NotReported),
            (Some(1), None, State::NotReported),
        ] {
            assert_eq!(usage(consumed, allocated).state, state, "{consumed:?} of {allocated:?}");
        }
    }

    #[test]
    fn what_is_left_is_negative_where_more_is_consumed() {
        assert_eq!(usage(Some(941_250), Some(10_000)).credits_left, Some(Credits(58_750)));
        assert_eq!(usage(Some(990_000), Some(0)).credits_left, Some(Credits(-990_000)));
        assert_eq!(usage(None, Some(0)).credits_left, None);
    }

    #[test]
    fn credits_are_numbers_in_json() {
        let json = |hundredths| serde_json::to_string(&Credits(hundredths)).unwrap();

        assert_eq!(
            (json(941_250), json(-990_000), json(-7), json(0)),
            ("9412.5".into(), "-9900".into(), "-0.07".into(), "0".into())
        );
    }

    #[test]
    fn a_share_of_something_unknown_is_unknown() {
        assert_eq!(Share::new(None, Some(10_000)), None);
        assert_eq!(Share::new(Some(Centicredits::new(1)), None), None);
    }
}
