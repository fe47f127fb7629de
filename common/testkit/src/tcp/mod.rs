//! Peers that speak TCP: clients of a server under test, and servers for clients under test.
//!
//! ```text
//!   peer ◀── messages     what fails, in words
//!     ▲  ◀── wire ◀──── send, dribble, expect, tls      what a test tells a peer to do
//!     └───── connect ◀── scripted_server                    how a peer comes to be
//! ```
//!
//! `buffers` says whether a peer that does not read can stop a program.

mod buffers;
mod connect;
mod dribble;
mod expect;
mod messages;
mod peer;
mod ports;
mod scripted_server;
mod send;
mod sending;
mod tls;
mod tls_layer;
mod trace;
mod wire;

pub use buffers::large_send_buffers;
pub use dribble::Dribble;
pub use peer::Peer;
pub use ports::{BlackHole, ClosedPort};
pub use scripted_server::ScriptedServer;
pub use tls_layer::{Decrypted, TlsEnd, TlsLayer, TlsSide};
