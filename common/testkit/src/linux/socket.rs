//! One socket, as the kernel's tables show it.

use std::net::SocketAddr;

/// The state of a TCP socket, as in the kernel's `tcp_states.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpState(pub u8);

impl TcpState {
    /// A client asks to connect; the handshake is not complete.
    pub const SYN_RECV: TcpState = TcpState(0x03);
    /// A listening socket.
    pub const LISTEN: TcpState = TcpState(0x0A);

    /// Whether its peer has not finished yet: ESTABLISHED, FIN_WAIT1, FIN_WAIT2.
    pub fn awaits_end(self) -> bool {
        matches!(self.0, 0x01 | 0x04 | 0x05)
    }
}

/// One socket of this machine.
#[derive(Debug)]
pub struct Socket {
    /// Its own address.
    pub local: SocketAddr,
    /// Its peer's address.
    pub remote: SocketAddr,
    /// Its state.
    pub state: TcpState,
    /// Bytes written but not acknowledged yet. For a listener: its backlog.
    pub send_queue: usize,
    /// Bytes arrived but not read yet. For a listener: connections not accepted yet.
    pub receive_queue: usize,
}
