//! The fleet on the command line.

mod apply;
mod killed_apply;
