//! Lab 05, TLS: who is there, and who is listening.
//!
//! ```text
//!   client                              server
//!     │ ──── ClientHello, name ───────▶ │
//!     │ ◀──── certificate, proof ────── │  signed by somebody whom the client trusts?
//!     │ ──── (certificate, proof) ────▶ │  only with --require-client-cert
//!     │ ════ "TOKEN t\n" ═════════════▶ │  only with --token-env; from here on all is encrypted
//!     │ ════ "hello\n" ═══════════════▶ │
//!     │ ◀════ "Echo: hello\n" ═════════ │
//!     │ ◀═══▶ close_notify ═══▶ ═══════ │  the end, said by who may say it
//! ```
//!
//! One file for each step, in this order:
//!
//! | step | file | what it does |
//! | --- | --- | --- |
//! | certs | `certs.rs` | a small certificate authority |
//! | server | `server.rs` | the handshake, under a deadline, and an echo |
//! | verify | `verify.rs` | the client: whom it believes, and why not |
//! | goodbye | `goodbye.rs` | an end that nobody else can fake |
//! | mutual | `mutual.rs` | the client has a certificate, too |
//! | token | `token.rs` | a secret that is compared without being told |
//! | audit | `audit.rs` | who came, who was refused, and no secret in it |
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
