//! Step options: what a program asks of a socket, and what the kernel makes of it.
//!
//! ```text
//!   setsockopt(SO_RCVBUF, 4096) ─▶ kernel: doubles it, for its own use ─▶ getsockopt: 8192
//! ```

use crate::given::command_line::SocketOptions;
use socket2::{Socket, TcpKeepalive};
use std::io;
use std::time::Duration;

/// Sets the options that are given on `socket`, which is a TCP socket.
///
/// # Contract
///
/// * An option that is not given is left as the kernel has it.
/// * `keepalive` sets SO_KEEPALIVE, and TCP_KEEPIDLE to its seconds.
///
/// # Errors
///
/// Those of setsockopt(2).
pub fn apply(options: &SocketOptions, socket: &Socket) -> io::Result<()> {
    if let Some(bytes) = options.sndbuf {
        socket.set_send_buffer_size(bytes as usize)?;
    }
    if let Some(bytes) = options.rcvbuf {
        socket.set_recv_buffer_size(bytes as usize)?;
    }
    if options.nodelay {
        socket.set_tcp_nodelay(true)?;
    }
    if let Some(seconds) = options.keepalive {
        let idle = Duration::from_secs(seconds.into());
        socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(idle))?;
    }
    Ok(())
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
/// # Errors
///
/// Those of getsockopt(2).
pub fn report(options: &SocketOptions, socket: &Socket) -> io::Result<Vec<String>> {
    let size = |asked: Option<u32>| asked.map(|bytes| bytes.to_string());
    let keepalive = options.keepalive.map(|_| switch(true));
    let idle = socket.tcp_keepalive_time()?.as_secs().to_string();
    Ok(vec![
        line("SO_SNDBUF", size(options.sndbuf), socket.send_buffer_size()?.to_string()),
        line("SO_RCVBUF", size(options.rcvbuf), socket.recv_buffer_size()?.to_string()),
        line("TCP_NODELAY", options.nodelay.then(|| switch(true)), switch(socket.tcp_nodelay()?)),
        line("SO_KEEPALIVE", keepalive, switch(socket.keepalive()?)),
        line("TCP_KEEPIDLE", size(options.keepalive), idle),
        line("SO_REUSEADDR", None, switch(socket.reuse_address()?)),
    ])
}

fn line(name: &str, asked: Option<String>, got: String) -> String {
    let asked = asked.map_or(String::new(), |asked| format!(" asked {asked}"));
    format!("{name}{asked} got {got}")
}

fn switch(is_on: bool) -> String {
    if is_on { "on".to_owned() } else { "off".to_owned() }
}
