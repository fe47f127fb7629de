//! The environment variables by which the runner, an instructor or a student steers the test kit.
//!
//! Variables that begin with `LAB_` are not passed on to the program under test.

use std::env;
use std::ops::RangeInclusive;
use std::sync::OnceLock;
use std::time::Duration;
use terminal::ColorChoice;

/// What the names of all these variables begin with.
pub const PREFIX: &str = "LAB_";
/// The command to judge instead of the lab's binary, quoted as for a shell; relative to the current
/// folder.
pub const SUBJECT: &str = "LAB_SUBJECT";
/// A command that goes before it, a sandbox for instance.
pub const SUBJECT_WRAPPER: &str = "LAB_SUBJECT_WRAPPER";
/// A file to which a failing or skipped test writes its [`Report`](crate::Report); or a folder,
/// where each test has such a file.
pub const REPORT: &str = "LAB_REPORT";
/// Not empty: a report has a [`Trace`](crate::Trace), and a test that passes reports, too.
pub const TRACE: &str = "LAB_TRACE";
/// `always`, `never`; by default a terminal decides (`NO_COLOR` is honoured).
pub const COLOR: &str = "LAB_COLOR";
/// A factor for all deadlines, for slow machines.
pub const DEADLINE_SCALE: &str = "LAB_DEADLINE_SCALE";
/// A factor for the times that a test chooses, and not for how long it waits for the program.
pub const TIME_SCALE: &str = "LAB_TIME_SCALE";

/// The valid factors. Two seconds become 20 ms at least, and half an hour at most.
const FACTORS: RangeInclusive<f64> = 0.01..=1000.0;

/// The command of [`SUBJECT`], if it is set.
pub fn subject() -> Option<String> {
    env::var(SUBJECT).ok().filter(|command| !command.trim().is_empty())
}

/// Whether reports are to have a trace ([`TRACE`]).
pub fn is_traced() -> bool {
    static TRACED: OnceLock<bool> = OnceLock::new();
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    *TRACED.get_or_init(|| is_set(TRACE) && is_set(REPORT))
}

/// The value of [`DEADLINE_SCALE`]; 1 without one.
pub fn deadline_scale() -> f64 {
    static SCALE: OnceLock<f64> = OnceLock::new();
    *SCALE.get_or_init(|| factor(DEADLINE_SCALE))
}

/// The value of [`TIME_SCALE`]; 1 without one.
pub fn time_scale() -> f64 {
    static SCALE: OnceLock<f64> = OnceLock::new();
    *SCALE.get_or_init(|| factor(TIME_SCALE))
}

/// `time`, times [`DEADLINE_SCALE`]: how long to wait for another process.
pub fn scale_deadline(time: Duration) -> Duration {
    time.mul_f64(deadline_scale())
}

/// The value of [`COLOR`].
pub fn color_choice() -> ColorChoice {
    ColorChoice::parse(&env::var(COLOR).unwrap_or_default())
}

/// The factor that the variable `name` gives, 1 if there is none.
fn factor(name: &str) -> f64 {
    let Some(value) = env::var_os(name).filter(|value| !value.is_empty()) else {
        return 1.0;
    };
    value.to_str().and_then(parse_factor).unwrap_or_else(|| {
        let (least, most) = (FACTORS.start(), FACTORS.end());
        eprintln!("{name}={value:?} is no number from {least} to {most}: 1 it is");
        1.0
    })
}

fn parse_factor(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|factor| FACTORS.contains(factor))
}
