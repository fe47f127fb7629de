//! Another answer to step listen. `cargo lab similar` must not take it for a copy of the model answer.

use std::io;
use std::net::{SocketAddr, TcpListener};

/// The number of clients that may wait in the queue.
pub const BACKLOG: i32 = 256;

/// Makes a TCP socket that listens on `address`.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let domain = match address {
        SocketAddr::V4(_) => socket2::Domain::IPV4,
        SocketAddr::V6(_) => socket2::Domain::IPV6,
    };
    let server = socket2::Socket::new(domain, socket2::Type::STREAM, Some(socket2::Protocol::TCP))?;
    #[cfg(unix)]
    server.set_reuse_address(true)?;
    server.bind(&socket2::SockAddr::from(address)).and_then(|()| server.listen(BACKLOG))?;
    Ok(TcpListener::from(server))
}
