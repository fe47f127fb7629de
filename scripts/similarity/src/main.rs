//! The program behind `cargo lab similar`.

use std::process::ExitCode;

fn main() -> ExitCode {
    similarity::main()
}
