//! Step get: a progress bar for the user.

use indicatif::ProgressBar;

/// Makes a progress bar on stderr, at `there` bytes, with `left` bytes missing.
///
/// # Contract
///
/// * Shows how many bytes have moved, and of how many.
/// * Draws only if stderr is a terminal. In a log file a bar is noise.
///
/// # Steps
///
/// 1. `indicatif::ProgressBar::new` makes a bar that draws on stderr if that is a terminal.
/// 2. `ProgressStyle::with_template` chooses its parts, and `with_position` its beginning.
pub fn bar(there: u64, left: u64) -> ProgressBar {
    todo!("lab07, step get: bar")
}
