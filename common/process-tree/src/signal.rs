//! Signals, and how a child ended.
//!
//! On Unix the id of a process is its own only until its parent has waited for it; from then on
//! the kernel may give it to another one. So first kill, then wait.
//!
//! Elsewhere there are no signals: the functions do nothing and return `false`.

// Two files with the same functions.
#[cfg_attr(not(unix), path = "signal/none.rs")]
mod unix;

pub(crate) use unix::kill;
pub use unix::{interrupt, pause, peek_exit_status, resume, terminate};
