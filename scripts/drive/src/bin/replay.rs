//! The program behind `cargo lab replay`.

use std::process::ExitCode;

fn main() -> ExitCode {
    drive::replay()
}
