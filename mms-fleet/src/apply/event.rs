//! Event: what an apply tells of its progress.

use super::end::StepEnd;
use super::result::StepResult;
use crate::plan::step::Step;

/// Something that happened in the course of an apply.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A step began.
    Begun {
        /// Its place among the steps, from 0.
        index: usize,
        /// The step.
        step: &'a Step,
    },
    /// A step ended, or was not begun.
    Ended {
        /// Its place among the steps, from 0.
        index: usize,
        /// The step.
        step: &'a Step,
        /// What became of it.
        end: &'a StepEnd,
        /// What its write returned; nothing where it was not begun.
        result: Option<&'a StepResult>,
    },
}
