//! The program behind `cargo lab compare`.

use std::process::ExitCode;

fn main() -> ExitCode {
    compare::main()
}
