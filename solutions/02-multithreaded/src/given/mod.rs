//! Given: files that you read and do not edit.
//!
//! | file | what it does |
//! | --- | --- |
//! | `command_line.rs` | the arguments and the text of `--help` |
//! | `acceptor.rs` | the accept loop |
//! | `closing.rs` | the last line and the lingering close |
//! | `run.rs` | calls your functions for each command |

pub mod acceptor;
pub mod closing;
pub mod command_line;
pub mod run;
