//! `cargo lab handout`: the copy of this workspace that students get.
//!
//! ```text
//!   last commit ──▶ kept files ──▶ files without the instructors' parts ──▶ one commit
//!                                  Cargo.toml, Cargo.lock
//! ```
//!
//! The same commit and options give the same files and the same commit id.

pub mod cargo_toml;
pub mod contents;
pub mod page;
mod repository;
mod run;
pub mod source;

pub use run::main;
