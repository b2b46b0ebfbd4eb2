//! Schemas of the contract, one file for each kind of thing that travels.

pub(crate) mod allocation;
pub(crate) mod api_error;
pub(crate) mod authorization;
pub(crate) mod child;
pub(crate) mod consumption;
pub(crate) mod enums;
pub(crate) mod organization;
pub(crate) mod pagination;
pub(crate) mod rows;
pub(crate) mod sort;
pub(crate) mod user;
