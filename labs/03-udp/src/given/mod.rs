//! Given: files that you read and do not edit.
//!
//! | file | what it does |
//! | --- | --- |
//! | `command_line.rs` | the arguments, and what `--help` prints |
//! | `run.rs` | calls your functions for each command |

pub mod command_line;
pub mod run;
