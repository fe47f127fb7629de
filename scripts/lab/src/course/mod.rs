//! The course: labs and steps, the student's progress, and the stubs in git's history.

pub mod labs;
pub mod progress;
pub mod stub_history;
