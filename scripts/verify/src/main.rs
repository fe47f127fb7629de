//! The program behind `cargo lab verify`.

use std::process::ExitCode;

fn main() -> ExitCode {
    verify::main()
}
