//! Prints the JSON Schema of a fleet file, for `cargo xtask codegen`.

use std::io::{self, Write};

fn main() -> io::Result<()> {
    writeln!(io::stdout(), "{:#}", mms_fleet::fleet_schema())
}
