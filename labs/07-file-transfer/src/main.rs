//! Lab 07, file transfer: large, exact, and nothing but the shared folder.
//!
//! ```text
//!   client                              server
//!     │ ──── "notes.txt\n" ───────────▶ │  is that a name, is it in the shared folder?
//!     │ ◀──── "12\n", 12 bytes ──────── │  the size is a promise
//!     │ ──── "/sum notes.txt\n" ──────▶ │  any number of requests on a connection
//!     │ ◀──── "a948904f2f0f…\n" ─────── │  the same sum here and there: now it has arrived
//! ```
//!
//! One or two files for each step, in this order:
//!
//! | step | file | what it does |
//! | --- | --- | --- |
//! | requests | `request.rs`, `names.rs` | one line is one request; what a client may name |
//! | download | `download.rs`, `digest.rs`, `copy.rs` | a file, the list, a sum |
//! | get | `client.rs`, `get.rs`, `progress.rs`, `copy.rs` | the client: nothing under the final name but the whole file |
//! | upload | `upload.rs`, `put.rs` | a file that appears whole or not at all |
//! | resume | `resume.rs` | going on where the last try ended |
//! | many | `serve.rs` | many clients, none of them in the way |
//! | deadlines | `deadlines.rs` | no client may keep us waiting for ever |
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
