//! `cargo lab grade`: judges the submissions of a class, each in a sandbox.
//!
//! ```text
//! submission   finds and reads submissions, and takes the files that count
//! course       a lab, and what its submissions are judged with: bench (suites, compiler), stub
//! grading      all submissions for all labs ── judging ──▶ supervise ──▶ worker, a process
//! worker       build, then judge in judge_box; both in boxes of sandbox
//! records      the ledger; candidate makes its entries
//! again        one test for all students
//! ```

pub mod again;
pub mod bench;
pub mod build;
pub mod build_time;
pub mod candidate;
pub mod command_line;
pub mod course;
pub mod grading;
pub mod judge;
pub mod judge_box;
pub mod judging;
pub mod progress;
pub mod records;
pub mod result;
pub mod run_folder;
pub mod sandbox;
pub mod shard;
pub mod submission;
pub mod summary;
pub mod supervise;
pub mod task;
pub mod worker;

mod run;

pub use run::{command_line, main};
