//! Freshness: the check of `cargo xtask codegen --check` in a plain test run.

use std::path::Path;

#[test]
fn document_types_and_what_is_written_from_them_agree() {
    let outcome = xtask::codegen::check(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    assert!(outcome.is_fresh(), "\n{outcome}");
}

#[test]
fn the_published_schema_of_a_fleet_file_is_that_of_its_reader() {
    let schema = format!("{:#}\n", mms_fleet::fleet_schema());
    let outcome = xtask::fleet_schema::check(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &schema);
    assert!(outcome.is_fresh(), "\n{outcome}");
}
