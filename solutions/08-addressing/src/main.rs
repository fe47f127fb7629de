//! Lab 08, addressing: an address is a number, and a name is a question.
//!
//! ```text
//!   "192.168.1.152"  ── text ──▶  3232235928  ── networks ──▶  192.168.1.0/24
//!                                     │ header
//!                                     ▼
//!   45 00 00 1e … c0 a8 01 98 …       the same number, in every packet
//!
//!   "localhost:7008" ── resolve ──▶  [::1]:7008, 127.0.0.1:7008  ── connect ──▶  serve
//! ```
//!
//! One file for each step, in this order:
//!
//! | step | file | what it does |
//! | --- | --- | --- |
//! | text | `text.rs` | reads an address from its text, and writes it in one form |
//! | networks | `networks.rs` | an address and a prefix make a network |
//! | header | `header.rs`, `fragments.rs` | reads, writes, forwards and cuts IPv4 packets |
//! | serve | `serve.rs` | one server for both families, and the clients that it allows |
//! | resolve | `resolve.rs` | a name and a service become addresses and a port |
//! | connect | `connect.rs` | tries several addresses, and takes the first that answers |
//! | reach | `reach.rs` | the source that the kernel chooses, and the addresses that answer |
//!
//! Given: the files in `given/`, which call your functions.

pub mod connect;
pub mod fragments;
pub mod header;
pub mod networks;
pub mod reach;
pub mod resolve;
pub mod serve;
pub mod text;

mod given;

fn main() -> std::process::ExitCode {
    given::run::run()
}
