//! The course: labs and steps, the student's progress, and the stubs, in git's history or kept without it.

pub mod kept_stub;
pub mod labs;
pub mod progress;
pub mod stub_history;
