//! Lab 05, TLS: encryption needs authentication.
//!
//! ```text
//!   client                              server
//!     │ ──── ClientHello, name ───────▶ │
//!     │ ◀──── certificate, proof ────── │  signed by a CA that the client trusts?
//!     │ ──── (certificate, proof) ────▶ │  only with --require-client-cert
//!     │ ════ "TOKEN t\n" ═════════════▶ │  only with --token-env; from here on all is encrypted
//!     │ ════ "hello\n" ═══════════════▶ │
//!     │ ◀════ "Echo: hello\n" ═════════ │
//!     │ ◀═══▶ close_notify ═══▶ ═══════ │  the end, which only the peer can send
//! ```
//!
//! One file for each step, in this order:
//!
//! | step | file | what it does |
//! | --- | --- | --- |
//! | certs | `certs.rs` | a small certificate authority |
//! | server | `server.rs` | the handshake with a deadline, and an echo |
//! | verify | `verify.rs` | the client: which servers it trusts, and why it refuses the others |
//! | goodbye | `goodbye.rs` | an end of the stream that an attacker cannot forge |
//! | mutual | `mutual.rs` | the client shows a certificate, too |
//! | token | `token.rs` | a comparison of secrets that does not reveal them |
//! | audit | `audit.rs` | a log of accepted and refused clients that holds no secret |
//!
//! Given: the files in `given/`, which call your functions.

pub mod audit;
pub mod certs;
pub mod goodbye;
pub mod mutual;
pub mod server;
pub mod token;
pub mod verify;

mod given;

fn main() -> std::process::ExitCode {
    given::run::run()
}
