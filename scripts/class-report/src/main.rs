//! The program behind `cargo lab report`.

use std::process::ExitCode;

fn main() -> ExitCode {
    class_report::main()
}
