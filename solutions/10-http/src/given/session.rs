//! One client's connection, from its first byte to its end. (Given. It calls your functions.)

use super::errors::Refusal;
use super::exchange::{Session, Shared};
use super::status::Status;
use crate::connection;
use crate::deadlines::TimeoutReader;
use common::net::reason;
use socket2::SockRef;
use std::io::BufReader;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Most unsent bytes that the kernel holds for a client: 256 KiB.
#[cfg(target_os = "linux")]
const UNSENT: u32 = 256 * 1024;

/// Bytes of the buffer for one client's requests.
const INPUT: usize = 16 * 1024;

/// Serves one client, and closes or resets the connection at the end.
pub fn handle(shared: &Shared, stream: TcpStream, peer: SocketAddr) {
    let session = Session { shared, stream: &stream, peer };
    match serve(&session) {
        Ok(()) => common::close::lingering(stream),
        Err(Refusal::Answer(status, why)) => {
            // A client that has left does not need the answer.
            let _ = session.refuse(None, status, why);
            common::close::lingering(stream);
        }
        Err(Refusal::Answered | Refusal::Gone(_)) => common::close::lingering(stream),
        Err(Refusal::Broken(error)) => {
            common::log!("{peer}: {}", reason(&error));
            reset(stream);
        }
    }
}

fn serve(session: &Session<'_>) -> Result<(), Refusal> {
    let Session { shared, stream, .. } = session;
    // Each answer is written whole, so no write needs to wait for more (Nagle's algorithm).
    stream.set_nodelay(true)?;
    // A write waits while the client does not read. This limits it.
    stream.set_write_timeout(Some(shared.stall_timeout))?;
    // Without this the kernel holds up to 4 MiB for each client that does not read.
    #[cfg(target_os = "linux")]
    SockRef::from(stream).set_tcp_notsent_lowat(UNSENT)?;
    let Some(_place) = shared.places.enter() else {
        return Err(Refusal::Answer(Status::SERVICE_UNAVAILABLE, ""));
    };
    let reader = TimeoutReader::new(stream, shared.idle_timeout);
    connection::serve(session, &mut BufReader::with_capacity(INPUT, reader))
}

/// Closes with RST, so that the client cannot take the end of the connection for that of the body.
fn reset(stream: TcpStream) {
    // Linger 0, socket(7). If it fails, the connection is already closed.
    let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
}
