//! Peers that speak TLS, and what their certificates are worth.
#![cfg(unix)]

#[path = "../../../testkit/tests/testkit/support.rs"]
#[allow(dead_code, unused_imports, unused_macros, reason = "the kit's own tests need all of it")]
mod support;

mod peers;
mod servers;
mod statement;
mod test_ca;
