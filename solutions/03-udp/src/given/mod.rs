//! Given: files that you read and do not edit.
//!
//! | file | what it does |
//! | --- | --- |
//! | `command_line.rs` | the arguments, and the text of `--help` |
//! | `run.rs` | calls your functions for each command |

pub mod command_line;
pub mod run;
