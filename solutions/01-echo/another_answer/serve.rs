//! Another answer to step serve.

use common::shutdown::Shutdown;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};

/// Accepts clients and gives each to `handle`, one after the other.
pub fn serve(
    listener: &TcpListener,
    shutdown: &Shutdown,
    mut handle: impl FnMut(TcpStream, SocketAddr) -> io::Result<()>,
) -> io::Result<()> {
    let mut next = listener.accept();
    while !shutdown.is_requested() {
        match next {
            Ok((client, address)) => handle(client, address).unwrap_or_else(|problem| {
                let why = common::net::reason(&problem);
                common::log!("{address}: {why}");
            }),
            Err(problem) => match problem.kind() {
                io::ErrorKind::Interrupted => {}
                io::ErrorKind::ConnectionReset => {}
                io::ErrorKind::ConnectionAborted => {}
                _ => return Err(problem),
            },
        }
        next = listener.accept();
    }
    Ok(())
}
