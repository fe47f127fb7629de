//! Given: files that you read and do not edit.
//!
//! | file | what it does |
//! | --- | --- |
//! | `client_error.rs` | why there is no connection, or no answer |
//! | `command_line.rs` | the arguments, and what `--help` prints |
//! | `error_code.rs` | the codes that the server answers with |
//! | `run.rs` | calls your functions for each command |

pub mod client_error;
pub mod command_line;
pub mod error_code;
pub mod run;
