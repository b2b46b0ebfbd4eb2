//! Reads of a whole list, over all pages, and of a fleet.

pub(crate) mod children;
pub(crate) mod organizations;
pub(crate) mod page_size;
mod paging;
pub(crate) mod with_consumption;
