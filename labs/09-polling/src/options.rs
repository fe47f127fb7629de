//! Step options: what a program asks of a socket, and what the kernel makes of it.
//!
//! ```text
//!   setsockopt(SO_RCVBUF, 4096) ─▶ kernel: doubles it, for its own use ─▶ getsockopt: 8192
//! ```

use crate::given::command_line::SocketOptions;
use socket2::Socket;
use std::io;

/// Sets the options that are given on `socket`, which is a TCP socket.
///
/// # Contract
///
/// * An option that is not given is left as the kernel has it.
/// * `keepalive` sets SO_KEEPALIVE, and TCP_KEEPIDLE to its seconds.
///
/// # Steps
///
/// 1. One `if let Some(...)` for each option. `TcpKeepalive::new().with_time(...)` is both
///    keepalive options.
///
/// # Errors
///
/// Those of setsockopt(2).
pub fn apply(options: &SocketOptions, socket: &Socket) -> io::Result<()> {
    // Given: nothing is asked.
    if options.is_empty() {
        return Ok(());
    }
    todo!("lab09, step options: apply")
}

/// One line for each option of `socket`, as the kernel has it after `options` were asked.
///
/// # Contract
///
/// * The lines are, in this order: `SO_SNDBUF`, `SO_RCVBUF`, `TCP_NODELAY`, `SO_KEEPALIVE`,
///   `TCP_KEEPIDLE`, `SO_REUSEADDR`. Each is `NAME asked VALUE got VALUE`, or `NAME got VALUE` if
///   it was not asked.
/// * `got` is the answer of getsockopt(2), never the value that was asked.
/// * Switches are `on` or `off`, sizes are bytes, and times are seconds.
///
/// # Steps
///
/// 1. Ask `socket` for each value, in the order of the contract.
/// 2. A helper makes the line of a name, an `Option` for the value asked, and the kernel's value.
///
/// # Errors
///
/// Those of getsockopt(2).
pub fn report(options: &SocketOptions, socket: &Socket) -> io::Result<Vec<String>> {
    todo!("lab09, step options: report")
}
