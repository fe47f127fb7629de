//! The trace: every byte that the peers and the program exchanged, in the order of time.
//!
//! The ladder is for people, and its rows may stand for several writes. The trace is for programs
//! that repeat a conversation or write it as a packet capture. A report has one only if the runner
//! asks for it ([`TRACE`](crate::env::TRACE)).
//!
//! ```text
//!   Connection   peer 127.0.0.1:40112 ─── TCP ─── program 127.0.0.1:7001
//!   Packet       ── Connect ──▶   ── Bytes ──▶   ◀── Bytes ──   ── Fin ──▶   ◀── Fin ──
//! ```

use crate::folder::Folder;
use crate::ladder::Direction;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// What went over the wire in one test.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// When the ladder's time is 0, in microseconds since 1970.
    pub began_us: u64,
    /// Every TCP connection, and every pair of UDP addresses.
    pub connections: Vec<Connection>,
    /// In order of time.
    pub packets: Vec<Packet>,
    /// What the test did to the program itself, in order of time.
    pub actions: Vec<ProgramAction>,
    /// The test's own folders when it last started a program.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folders: Vec<Folder>,
    /// The variables that the test last gave a program, by name and value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<(String, String)>,
    /// How many later packets are left out, because the trace was full.
    pub left_out: usize,
    /// The secrets of the TLS sessions, in the format of NSS key logs (`SSLKEYLOGFILE`).
    pub tls_secrets: String,
}

/// Two addresses that exchanged bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// The peer's name in the ladder.
    pub peer: String,
    /// By which protocol.
    pub transport: Transport,
    /// The peer's address.
    pub peer_address: SocketAddr,
    /// The program's address.
    pub program_address: SocketAddr,
}

/// A transport protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// A stream of bytes (RFC 9293).
    Tcp,
    /// Datagrams (RFC 768).
    Udp,
}

/// One event of a connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Packet {
    /// Microseconds since the test began, as in the ladder.
    pub time_us: u64,
    /// The index of its connection in [`Trace::connections`].
    pub connection: usize,
    /// From where to where: never [`Direction::Note`].
    pub direction: Direction,
    /// What it is.
    pub event: Event,
}

/// Something that the test did to the program itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramAction {
    /// Microseconds since the test began, as in the ladder.
    pub time_us: u64,
    /// What it did.
    pub action: Action,
}

/// What a test can do to a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It started the program with these arguments.
    Start(Vec<String>),
    /// Ctrl-C: SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
    /// SIGSTOP.
    Pause,
    /// SIGCONT.
    Resume,
}

/// What happened on a connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The side from which the packet comes opened a TCP connection.
    Connect,
    /// The peer begins TLS as a client. What goes over the wire for it follows.
    StartTls(TlsClient),
    /// The bytes of one write or read, or a datagram.
    Bytes(Bytes),
    /// The side ended its stream in TLS. The encrypted form of it is among the bytes.
    CloseNotify,
    /// The side closed its sending direction of TCP.
    Fin,
    /// The side reset a TCP connection.
    Reset,
}

/// How a client speaks TLS. All texts are PEM, except the name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TlsClient {
    /// The certificates of the CAs that it trusts.
    pub trusted: String,
    /// The name that the server's certificate must have.
    pub server_name: String,
    /// Its own certificate. Empty if it has none.
    pub certificate: String,
    /// The key of its certificate.
    pub key: String,
    /// Whether it speaks TLS 1.2 only.
    pub is_tls_1_2: bool,
}

/// Some bytes of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bytes {
    /// What the application sent. In TLS, a record of the handshake has none.
    #[serde(with = "crate::hex")]
    pub plain: Vec<u8>,
    /// What went over the wire instead, in TLS.
    #[serde(with = "crate::hex::option", default, skip_serializing_if = "Option::is_none")]
    pub encrypted: Option<Vec<u8>>,
    /// How many bytes went over the wire. The trace may have fewer, if the message is long.
    pub wire_len: usize,
}

impl Bytes {
    /// What went over the wire, as far as the trace has it.
    pub fn wire(&self) -> &[u8] {
        self.encrypted.as_ref().unwrap_or(&self.plain)
    }
}

impl Trace {
    /// The index of the last connection that is equal to `connection`, which is added if it is new.
    pub fn index_of(&mut self, connection: &Connection) -> usize {
        let known = self.connections.iter().rposition(|known| known == connection);
        known.unwrap_or_else(|| self.add(connection))
    }

    /// Adds `connection`, and returns its index.
    pub fn add(&mut self, connection: &Connection) -> usize {
        self.connections.push(connection.clone());
        self.connections.len() - 1
    }
}
