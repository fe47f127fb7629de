//! Times as a person reads them.

use std::time::Duration;

/// `3.5 ms`, `300 ms`, `2.0 s`, `1.52 s`: milliseconds below a second, and seconds from there on.
pub fn show_time(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1000.0;
    if milliseconds < 9.95 {
        return format!("{milliseconds:.1} ms");
    }
    if milliseconds < 999.5 {
        return format!("{milliseconds:.0} ms");
    }
    let seconds = format!("{:.2}", time.as_secs_f64());
    format!("{} s", seconds.strip_suffix('0').unwrap_or(&seconds))
}
