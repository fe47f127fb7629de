//! Given: files that you read and do not edit.
//!
//! | file | what it does |
//! | --- | --- |
//! | `command_line.rs` | the arguments, and what `--help` prints |
//! | `log.rs` | what the server logs |
//! | `patience.rs` | tells a burst of lines from a slow reader |
//! | `run.rs` | calls your functions for each command |

pub mod command_line;
pub mod log;
pub mod patience;
pub mod run;
