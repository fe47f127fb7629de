//! The course: labs and steps, the lab at hand, the student's progress, the stubs in git's history.

pub mod at_hand;
pub mod labs;
pub mod progress;
pub mod stub_history;
