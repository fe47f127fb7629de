//! The program behind `cargo lab`.

use std::process::ExitCode;

fn main() -> ExitCode {
    lab::commands::main()
}
