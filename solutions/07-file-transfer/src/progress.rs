//! Step get: how far it is, for whoever waits.

use indicatif::{ProgressBar, ProgressStyle};

/// Bar, bytes, speed, and how long it will take; at most 80 columns.
const TEMPLATE: &str = "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";

/// A progress bar on stderr: `there` bytes are here already, `left` are still to come.
///
/// # Contract
///
/// * Shows how many bytes there are, and of how many.
/// * Draws nothing when stderr is no terminal: a log full of bars helps nobody.
pub fn bar(there: u64, left: u64) -> ProgressBar {
    let style = ProgressStyle::with_template(TEMPLATE).expect("the template is well-formed");
    // indicatif looks whether stderr is a terminal, and how often a redraw is worth it.
    let bar = ProgressBar::new(there.saturating_add(left)).with_style(style).with_position(there);
    // What was there before did not come at today's speed.
    bar.reset_eta();
    bar
}
