//! Lab 10, HTTP: a message ends where both sides agree that it ends.
//!
//! ```text
//!   client                                 server
//!     │ ── GET /a.html HTTP/1.1 ─────────▶ │  a head ends at the empty line
//!     │ ── Host: localhost, empty line ──▶ │  no length, so no body follows
//!     │ ◀── HTTP/1.1 200 OK ────────────── │
//!     │ ◀── Content-Length: 5, empty line ─│  five bytes follow, and not one more
//!     │ ◀── hello ──────────────────────── │  the next answer begins here
//! ```
//!
//! The files of each step:
//!
//! | step | file | what it does |
//! | --- | --- | --- |
//! | head | `line.rs`, `fields.rs`, `request.rs`, `response.rs` | the end of a head, and its contents |
//! | files | `path.rs`, `files.rs` | from a path to a file, and its answer |
//! | connection | `connection.rs`, `send.rs` | request after request, and one write for a small answer |
//! | bodies | `framing.rs`, `chunks.rs`, `body.rs` | where a body ends |
//! | stream | `stream.rs`, `query.rs` | an answer of unknown length, and the query |
//! | conditions | `conditions.rs`, `range.rs` | 304, 206 and 416 |
//! | deadlines | `deadlines.rs`, `places.rs` | the server waits for no client for ever |
//! | client | `url.rs`, `answer.rs`, `get.rs` | the same rules from the other side |
//!
//! Given: the files in `given/`, which call your functions.

pub mod answer;
pub mod body;
pub mod chunks;
pub mod conditions;
pub mod connection;
pub mod deadlines;
pub mod fields;
pub mod files;
pub mod framing;
pub mod get;
pub mod line;
pub mod path;
pub mod places;
pub mod query;
pub mod range;
pub mod request;
pub mod response;
pub mod send;
pub mod stream;
pub mod url;

mod given;

fn main() -> std::process::ExitCode {
    given::run::run()
}
