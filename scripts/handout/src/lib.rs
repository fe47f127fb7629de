//! `cargo lab handout`: the copy of this workspace that students get, and files for graders.
//!
//! ```text
//!   last commit ──▶ kept files ──▶ files without the instructors' parts ──▶ one commit
//!                                  Cargo.toml, Cargo.lock
//!   last commit, templates ──▶ an autograder, the scripts of a cluster (--for)
//! ```
//!
//! The same commit and options give the same files and the same commit id.

pub mod absent_labs;
pub mod cargo_toml;
pub mod command_line;
pub mod contents;
mod grader;
mod output;
pub mod page;
mod place;
mod repository;
mod run;
pub mod source;
mod students;
pub mod templates;

pub use run::{command_line, main};
