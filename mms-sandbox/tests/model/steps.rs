//! Steps of a test: calls, faults and restarts, drawn at random.

use mms_sandbox::types::{FaultAction, FaultKind, FaultRule};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::call::{Call, OPERATIONS, Target};
use crate::model::DISTRIBUTOR;

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Call(Call),
    /// Adds a rule for an operation, which acts so many times.
    Fail {
        operation: &'static str,
        failure: Failure,
        times: u64,
    },
    /// Removes a rule.
    Forgive(Index),
    /// Ends the sandbox, by a stop or by letting it go, and starts one on the same file.
    Restart {
        in_good_order: bool,
    },
}

/// A way to fail, and the bytes before a cut.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Failure {
    CloseBefore,
    CloseAfter,
    ErrorBefore,
    ErrorAfter,
    CutBody(u64),
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => call().prop_map(Step::Call),
        3 => (select(&OPERATIONS[..]), failure(), 1..=3_u64)
            .prop_map(|(operation, failure, times)| Step::Fail { operation, failure, times }),
        1 => any::<Index>().prop_map(Step::Forgive),
        1 => any::<bool>().prop_map(|in_good_order| Step::Restart { in_good_order }),
    ]
}

fn call() -> impl Strategy<Value = Call> {
    prop_oneof![
        4 => (operations(), prop_oneof![8 => 1..=2_u64, 1 => Just(3)])
            .prop_map(|(operations, region)| Call::Create { operations, region }),
        4 => (any::<Index>(), operations())
            .prop_map(|(child, operations)| Call::Allocate { child: Target(child), operations }),
        1 => (prop::option::of(0..6_usize), 0..6_usize).prop_map(|(limit, offset)| Call::List { limit, offset }),
        1 => (DISTRIBUTOR..=DISTRIBUTOR + 1).prop_map(|organization| Call::Consumption { organization }),
    ]
}

/// Mostly a multiple of 10,000, and now and then more than the pool ever holds.
fn operations() -> impl Strategy<Value = u64> {
    prop_oneof![
        8 => (0..=15_u64).prop_map(|steps| steps * 10_000),
        1 => (16..=70_u64).prop_map(|steps| steps * 10_000),
        1 => (1..10_000_u64).prop_map(|rest| 30_000 + rest),
    ]
}

fn failure() -> impl Strategy<Value = Failure> {
    prop_oneof![
        Just(Failure::CloseBefore),
        Just(Failure::CloseAfter),
        Just(Failure::ErrorBefore),
        Just(Failure::ErrorAfter),
        // Fewer bytes than the shortest answer has.
        (0..20_u64).prop_map(Failure::CutBody),
    ]
}

impl Failure {
    /// Says whether the work is not done.
    pub(crate) fn is_before(self) -> bool {
        matches!(self, Self::CloseBefore | Self::ErrorBefore)
    }

    /// Returns the status that the caller sees; nothing where no whole answer comes.
    pub(crate) fn status(self) -> Option<u16> {
        matches!(self, Self::ErrorBefore | Self::ErrorAfter).then_some(500)
    }

    pub(crate) fn rule(self, operation: &str, times: u64) -> FaultRule {
        let error = |after_work| FaultAction { after_work: Some(after_work), ..FaultKind::ServerError.into() };
        let action = match self {
            Self::CloseBefore => FaultKind::CloseBefore.into(),
            Self::CloseAfter => FaultKind::CloseAfter.into(),
            Self::ErrorBefore => error(false),
            Self::ErrorAfter => error(true),
            Self::CutBody(bytes) => FaultAction { bytes: Some(bytes), ..FaultKind::CutBody.into() },
        };
        FaultRule::from(action).on(operation).times(times)
    }
}
