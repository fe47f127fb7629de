//! The course: labs and steps, answers and wrong answers, the lab at hand, the student's progress, and
//! the stubs, in git's history or kept without it.

pub mod answer;
pub mod at_hand;
pub mod functions;
pub mod kept_stub;
pub mod labs;
pub mod mistake;
pub mod progress;
pub mod stub_history;
