//! The program behind `cargo lab drive`.

use std::process::ExitCode;

fn main() -> ExitCode {
    drive::drive()
}
