//! Given: files that you read and do not edit.
//!
//! | file | what it does |
//! | --- | --- |
//! | `command_line.rs` | the arguments, and the text of `--help` |
//! | `run.rs` | calls your functions for each command |
//! | `errors.rs` | the reasons why your functions refuse something |
//! | `interfaces.rs` | the addresses of this machine |
//! | `talk.rs` | the conversation of `connect`, once it has a connection |

pub mod command_line;
pub mod errors;
pub mod interfaces;
pub mod run;
pub mod talk;
