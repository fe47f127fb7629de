//! Step get: a progress bar for the user.

use indicatif::{ProgressBar, ProgressStyle};

/// Bar, bytes, speed and remaining time, in at most 80 columns.
const TEMPLATE: &str = "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";

/// Makes a progress bar on stderr, at `there` bytes, with `left` bytes missing.
///
/// # Contract
///
/// * Shows how many bytes have moved, and of how many.
/// * Draws only if stderr is a terminal. In a log file a bar is noise.
pub fn bar(there: u64, left: u64) -> ProgressBar {
    let style = ProgressStyle::with_template(TEMPLATE).expect("the template is well-formed");
    // indicatif checks whether stderr is a terminal, and limits the number of redraws.
    let bar = ProgressBar::new(there.saturating_add(left)).with_style(style).with_position(there);
    // The bytes of an earlier try say nothing about the speed of this one.
    bar.reset_eta();
    bar
}
