//! The program behind `cargo lab handout`.

use std::process::ExitCode;

fn main() -> ExitCode {
    handout::main()
}
