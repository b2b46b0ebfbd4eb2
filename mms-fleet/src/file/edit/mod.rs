//! Edits of fleet files: bytes are put in where the reader says, the text is read again, and what it means is compared with what was
//! meant. Where they differ nothing is written.

mod addition;
mod error;
mod files;
mod lines;
mod meant;
mod remarks;
mod replace;
mod scalar;
mod splice;
mod text;

pub use error::{ByHand, EditError};
pub use files::EditedFiles;
pub use meant::{Edit, NewChild};
pub(super) use text::TextEditor;
