//! Lab 11, names and ports: only an answer to your question is an answer.
//!
//! ```text
//!   scan     HOST ── targets ──▶ guard ──▶ crowd ─┬─▶ probe ── open ──▶ banner     in order: stdout,
//!                    ports                        └─▶ probe ── closed              and JSON at the end
//!
//!   lookup   NAME ── name ──▶ encode ── UDP ──▶  another server, or `serve`
//!                              decode ◀── UDP ──  zone, reply
//!            again over TCP, if the answer does not fit
//! ```
//!
//! The files of each step, in this order:
//!
//! | step | file | what it does |
//! | --- | --- | --- |
//! | ports | `ports.rs`, `targets.rs`, `probe.rs` | which ports of which machine, and one try |
//! | crowd | `crowd.rs` | many tries at the same time, results in order |
//! | banners | `banner.rs`, `json.rs` | the first line of a server, and a file that is whole |
//! | message | `name.rs`, `encode.rs` | names as labels, and a query in bytes |
//! | hostile | `reader.rs`, `data.rs`, `decode.rs` | a message of a stranger |
//! | lookup | `exchange.rs`, `lookup.rs`, `aliases.rs` | asks servers, and takes only an answer to its question |
//! | tcp | `stream.rs` | the same messages in a stream |
//! | serve | `zone.rs`, `reply.rs`, `serve.rs` | answers questions about a zone |
//!
//! Given: the files in `given/`, which call your functions.

pub mod aliases;
pub mod banner;
pub mod crowd;
pub mod data;
pub mod decode;
pub mod encode;
pub mod exchange;
pub mod json;
pub mod lookup;
pub mod name;
pub mod ports;
pub mod probe;
pub mod reader;
pub mod reply;
pub mod serve;
pub mod stream;
pub mod targets;
pub mod zone;

mod given;

fn main() -> std::process::ExitCode {
    given::run::run()
}
