//! Lab 07, file transfer: a file has arrived when its size and its sum are right.
//!
//! ```text
//!   client                              server
//!     │ ──── "notes.txt\n" ───────────▶ │  a plain name, and in the shared folder?
//!     │ ◀──── "12\n", 12 bytes ──────── │  the size is a promise
//!     │ ──── "/sum notes.txt\n" ──────▶ │  any number of requests on a connection
//!     │ ◀──── "a948904f2f0f…\n" ─────── │  equal sums: the file has arrived
//! ```
//!
//! One or two files for each step, in this order:
//!
//! | step | file | what it does |
//! | --- | --- | --- |
//! | requests | `request.rs`, `names.rs` | one line is one request; valid names |
//! | download | `download.rs`, `digest.rs`, `copy.rs` | a file, the list, a sum |
//! | get | `client.rs`, `get.rs`, `progress.rs`, `copy.rs` | the client |
//! | upload | `upload.rs`, `put.rs` | stores a file, whole or not at all |
//! | resume | `resume.rs` | continues where the last try ended |
//! | many | `serve.rs` | many clients, none of which delays another |
//! | deadlines | `deadlines.rs` | the server waits for no client for ever |
//!
//! Given: the files in `given/`, which call your functions.

pub mod client;
pub mod copy;
pub mod deadlines;
pub mod digest;
pub mod download;
pub mod get;
pub mod names;
pub mod progress;
pub mod put;
pub mod request;
pub mod resume;
pub mod serve;
pub mod upload;

mod given;

fn main() -> std::process::ExitCode {
    given::run::run()
}
