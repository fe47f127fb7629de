//! The results of a class, one line of JSON for each submission.
//!
//! ```text
//!   cargo lab grade ── Entry, appended to results.jsonl ──▶ cargo lab report, the next cargo lab grade
//!       shard 1/3 ──┐
//!       shard 2/3 ──┼── Ledger::read of all files ──▶ one class
//!       shard 3/3 ──┘
//! ```
//!
//! An entry holds fields and no rendered text. A failure is the [`report::Report`] of the test kit.
//!
//! | module | for |
//! | --- | --- |
//! | [`entry`] | [`Entry`]: one judged submission |
//! | [`file`](mod@file) | [`Ledger`]: all entries; [`Writer`]: appends one that survives a crash |
//! | [`timestamp`] | [`Timestamp`]: a time as RFC 3339 writes it |

pub mod entry;
pub mod file;
pub mod timestamp;

pub use entry::{
    Entry, File, LeftOut, Outcome, SCHEMA, Step, Student, Submission, Test, VERSION, Verdict,
};
pub use file::{Ledger, Writer};
pub use timestamp::Timestamp;
