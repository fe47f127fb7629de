//! The program behind `cargo lab trace`.

use std::process::ExitCode;

fn main() -> ExitCode {
    trace::main()
}
