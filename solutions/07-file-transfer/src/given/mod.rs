//! Given: files that you read and do not edit.
//!
//! | file | what it does |
//! | --- | --- |
//! | `command_line.rs` | the arguments, and the text of `--help` |
//! | `errors.rs` | the errors and their texts |
//! | `run.rs` | calls your functions for each command |
//! | `session.rs` | serves one client with your functions |

pub mod command_line;
pub mod errors;
pub mod run;
pub mod session;
