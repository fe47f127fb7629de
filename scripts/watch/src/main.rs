//! The program behind `cargo lab watch`.

use std::process::ExitCode;

fn main() -> ExitCode {
    watch::main()
}
