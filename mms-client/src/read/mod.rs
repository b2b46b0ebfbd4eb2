//! Reads of a whole fleet, over all pages.

pub(crate) mod page_size;
pub(crate) mod paging;
pub(crate) mod with_consumption;
