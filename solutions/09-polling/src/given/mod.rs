//! Given: files that you read and do not edit.
//!
//! | file | what it does |
//! | --- | --- |
//! | `poller.rs` | the interface by which an event loop waits, for poll(2) and epoll(7) |
//! | `client.rs` | what the server knows of a client, and what all clients share |
//! | `requests.rs` | the protocol: a line becomes an answer, a timer or a connection |
//! | `lines.rs` | cuts lines out of the bytes received |
//! | `dispatch.rs` | gives each event to the step that handles it |
//! | `listeners.rs` | the sockets that accept, and their rest during a shortage |
//! | `address.rs` | `IP:PORT` and `unix:PATH` |
//! | `waking.rs` | wakes the loop when Ctrl-C comes |
//! | `command_line.rs` | the arguments, and the text of `--help` |
//! | `run.rs` | calls your functions for each command |

pub mod address;
pub mod client;
pub mod command_line;
pub mod dispatch;
pub mod lines;
pub mod listeners;
pub mod poller;
pub mod requests;
pub mod run;
pub mod waking;
