//! Time: deadlines, waiting for a condition, and the two scale factors.
//!
//! ```text
//!   Deadline           a moment; two seconds from now, times LAB_DEADLINE_SCALE
//!   ProgressDeadline   two seconds after the last progress, fifteen in all
//!   test_time          what a test chooses, times LAB_TIME_SCALE as well
//! ```

mod deadline;
mod disturbance;
mod scale;

pub(crate) use deadline::{Backoff, ProgressDeadline, is_in_vain, start_deadline, start_timeout};
pub use deadline::{Deadline, poll_until};
pub(crate) use disturbance::Disturbance;
pub(crate) use scale::{mark_program_timer, provisional_mark};
pub use scale::{test_time, test_time_arg};
