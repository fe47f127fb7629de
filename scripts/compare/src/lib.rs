//! `cargo lab compare`: one program beside another, under the same load.
//!
//! ```text
//! with, candidate, peers                  the programs, and how they are built
//!  └─▶ submission, wrong_answer           answers that are built in a workspace_copy
//! trial                                   starts each program once, before it is measured
//! plan ──▶ round ──▶ figures              a load, one round of it, the figures of all rounds
//!            │  └──▶ load                 what the clients of each lab send
//!            └─────▶ server               a started program
//! comparison ──▶ table, html, JSON        all programs by turns, and how the result is shown
//! sources                                 lines of code, and the difference of two answers
//! ```

pub mod candidate;
pub mod comparison;
pub mod figures;
pub mod html;
pub mod load;
pub mod peers;
pub mod plan;
pub mod reason;
pub mod round;
pub mod server;
pub mod sources;
pub mod stats;
pub mod submission;
pub mod table;
pub mod trial;
pub mod with;
pub mod workspace_copy;
pub mod wrong_answer;

mod command_line;
mod run;

pub use run::{command_line, main};
