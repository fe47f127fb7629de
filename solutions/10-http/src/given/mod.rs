//! Given: files that you read and do not edit.
//!
//! | file | what it does |
//! | --- | --- |
//! | `command_line.rs` | the arguments, and the text of `--help` |
//! | `errors.rs` | the errors and their texts |
//! | `exchange.rs` | one request and its answer |
//! | `handlers.rs` | the answers that are no files |
//! | `http_client.rs` | the client's connection |
//! | `media_types.rs` | media types by extension |
//! | `run.rs` | calls your functions for each command |
//! | `session.rs` | serves one client with your functions |
//! | `status.rs` | status codes and phrases |

pub mod command_line;
pub mod errors;
pub mod exchange;
pub mod handlers;
pub mod http_client;
pub mod media_types;
pub mod run;
pub mod session;
pub mod status;
