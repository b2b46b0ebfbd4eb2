//! `mms`: the child organizations of a Make distributor, from a terminal or a script.

fn main() -> std::process::ExitCode {
    mms_cli::main()
}
