//! The fleet: what its commands share, and one file for each of them.

mod applied;
mod carry_out;
mod ids;
mod progress;
