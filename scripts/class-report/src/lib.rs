//! `cargo lab report`: grades, feedback and a page about the class, from the ledgers of
//! `cargo lab grade`.
//!
//! ```text
//!   results.jsonl ──▶ class ──▶ gradebook ──▶ export      grades.csv, Canvas, Moodle, JUnit, ...
//!     of each shard     ▲          ▲   ├────▶ feedback    text and HTML for each student
//!              harmless ┘   policy ┘   └────▶ class_page  steps, mistakes, distribution
//! ```
//!
//! Everything that a submission can choose is untrusted. [`harmless`] defuses control characters once,
//! when a ledger is read. `html_page::escape` is the only way into HTML, [`export::cell`] into tables.

pub mod beliefs;
pub mod cause;
pub mod class;
pub mod class_page;
mod command_line;
pub mod export;
pub mod feedback;
pub mod file_name;
pub mod grade;
pub mod gradebook;
pub mod harmless;
pub mod measured;
pub mod overrides;
pub mod policy;
mod run;
mod summary;
pub mod words;

pub use run::{command_line, main};
