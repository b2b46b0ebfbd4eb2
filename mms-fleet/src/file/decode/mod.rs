//! Decoding of nodes into the values of the document. A value that cannot be used is reported, and the rest goes on.

mod fields;
mod labels;
mod number;
#[cfg(feature = "schemars")]
pub(super) mod object_schema;
mod reading;
mod scalar;
mod text;

pub(super) use fields::{Unusable, fields};
pub(super) use labels::{HOLD, Labels};
pub(super) use number::{Credits, Priority, Share, Whole};
pub(super) use reading::{Decode, Found, Reading};
pub(super) use scalar::{Day, Flag, Format, Id};
pub(super) use text::{EnumText, ExternalId, Mail, OwnerName, Zone};
