//! Given: files that you read and do not edit.
//!
//! | file | what it does |
//! | --- | --- |
//! | `command_line.rs` | the arguments, and what `--help` prints |
//! | `door.rs` | the accept loop |
//! | `farewell.rs` | the last words, and the lingering close |
//! | `run.rs` | calls your functions for each command |

pub mod command_line;
pub mod door;
pub mod farewell;
pub mod run;
