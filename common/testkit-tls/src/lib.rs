//! Peers of the test kit that speak TLS, and certificates for them.
//!
//! | piece | what it is |
//! | --- | --- |
//! | [`Tls`] | one side of TLS, for [`Peer::start_tls`](testkit::Peer::start_tls) |
//! | [`TestCa`] | a CA with certificates, good and bad |
//! | [`Identity`] | a certificate with its key |
//! | [`Statement`] | what a certificate states: names, issuer, dates, use |
//! | [`InMemoryHandshake`] | a handshake without any network, at any time of the calendar |

mod config;
mod connection;
mod der;
mod in_memory_handshake;
mod key_log;
mod statement;
mod test_ca;
mod tls;

pub use config::Identity;
pub use in_memory_handshake::InMemoryHandshake;
pub use statement::Statement;
pub use test_ca::{CertDefect, TestCa};
pub use tls::Tls;
