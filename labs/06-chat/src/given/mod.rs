//! Given: files that you read and do not edit.
//!
//! | file | what it does |
//! | --- | --- |
//! | `backpressure.rs` | distinguishes a burst of lines from a slow reader |
//! | `command_line.rs` | the arguments, and what `--help` prints |
//! | `end.rs` | why a connection ends, and the last line that the client gets |
//! | `fair_mutex.rs` | a lock that threads get in the order in which they ask for it |
//! | `log.rs` | writes the lines of the room to a file |
//! | `run.rs` | calls your functions for each command |

pub mod backpressure;
pub mod command_line;
pub mod end;
pub mod fair_mutex;
pub mod log;
pub mod run;
