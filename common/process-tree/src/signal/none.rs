//! For systems without signals.

#![allow(dead_code, reason = "elsewhere `kill` has no caller")]

use std::io;
use std::process::{Child, ExitStatus};

/// Not here.
pub fn interrupt(_pid: u32) -> bool {
    false
}

/// Not here.
pub fn terminate(_pid: u32) -> bool {
    false
}

/// Not here.
pub fn pause(_pid: u32) -> bool {
    false
}

/// Not here.
pub fn resume(_pid: u32) -> bool {
    false
}

/// Not here.
pub fn kill(_pid: u32) -> bool {
    false
}

/// How `child` ended, if it has. On Windows an open handle keeps the id.
///
/// # Errors
///
/// The system does not say.
pub fn peek_exit_status(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    child.try_wait()
}
