//! Freshness: the check of `cargo xtask codegen --check` in a plain test run.

use std::path::Path;

#[test]
fn document_types_and_what_is_written_from_them_agree() {
    let outcome = xtask::codegen::check(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    assert!(outcome.is_fresh(), "\n{outcome}");
}
