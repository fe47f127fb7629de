//! Given: files that you read and do not edit.
//!
//! | file | what it does |
//! | --- | --- |
//! | `command_line.rs` | the arguments, and what `--help` prints |
//! | `errors.rs` | the errors and their texts |
//! | `files.rs` | reads PEM files |
//! | `run.rs` | calls your functions for each command |
//! | `session.rs` | serves one client: it calls your functions |

pub mod command_line;
pub mod errors;
pub mod files;
pub mod run;
pub mod session;
