//! Given: files that you read and do not edit.
//!
//! | file | what it does |
//! | --- | --- |
//! | `command_line.rs` | the arguments, and the text of `--help` |
//! | `run.rs` | calls your functions for each command |
//! | `scan.rs` | calls your functions for `scan`, and prints what they find |
//! | `errors.rs` | the reasons why your functions refuse something |
//! | `results.rs` | what a scan found, as `--json` writes it |
//! | `message.rs` | a DNS message: its flags, questions and records |
//! | `text.rs` | records as text, and as JSON |
//! | `record_data.rs` | the data of records in bytes |
//! | `zone_file.rs` | reads the records of a zone from a file |
//! | `resolv_conf.rs` | the servers that this machine asks (resolv.conf(5)) |

pub mod command_line;
pub mod errors;
pub mod message;
pub mod record_data;
pub mod resolv_conf;
pub mod results;
pub mod run;
pub mod scan;
pub mod text;
pub mod zone_file;
