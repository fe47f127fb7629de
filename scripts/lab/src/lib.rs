//! `cargo lab` as a library: for the program `lab`, and for all programs that `lab` starts.
//!
//! ```text
//! commands   overview, test, hint, reset, doctor: one module for each command
//!    │
//!    ├─▶ judge    runs a suite's tests against a program
//!    ├─▶ build    cargo, the suite, the student's program, the cached rustc call
//!    ├─▶ course   lab.toml, the student's progress, stubs in git's history
//!    ▼
//! output     a page for people or JSON for programs
//! workspace, files, result_file, temporary, git, command, cancel, error     used by all of the above
//! entry      the main function of each program of `cargo lab`
//! ```
//!
//! A command computes an [`output::Output`] first and prints it last. So people and programs read
//! the same facts.

pub mod build;
pub mod cancel;
pub mod command;
pub mod commands;
pub mod course;
pub mod entry;
pub mod error;
pub mod files;
pub mod git;
pub mod judge;
pub mod output;
pub mod result_file;
pub mod temporary;
pub mod workspace;
