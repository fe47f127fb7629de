//! Step serve: a server for one zone, over UDP and TCP.

use crate::given::zone_file::Zone;
use crate::reply::{self, MAX_TCP, MAX_UDP};
use crate::stream::{read_message, write_message};
use common::deadline::Until;
use common::net::reason;
use common::shutdown::Shutdown;
use common::udp::Socket;
use std::io::{self, ErrorKind};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Answers each datagram at `socket` until `shutdown` is requested.
///
/// # Contract
///
/// * The answer leaves from the address to which the query was sent, and has at most
///   [`MAX_UDP`](crate::reply::MAX_UDP) bytes.
/// * An answer that cannot be sent is logged, and the loop goes on. So it does after a refusal of
///   an earlier answer, and after a signal.
///
/// # Errors
///
/// Those of the socket itself.
pub fn serve_datagrams(socket: &Socket, zone: &Zone, shutdown: &Shutdown) -> io::Result<()> {
    use ErrorKind::{ConnectionRefused, ConnectionReset, Interrupted};
    let mut buffer = vec![0; 1 << 16];
    loop {
        let received = socket.receive(&mut buffer);
        if shutdown.is_requested() {
            return Ok(());
        }
        let received = match received {
            Ok(received) => received,
            // An answer that we sent earlier to a peer that was gone, or a signal.
            Err(error)
                if matches!(error.kind(), ConnectionRefused | ConnectionReset | Interrupted) =>
            {
                continue;
            }
            Err(error) => return Err(error),
        };
        let Some(response) = reply::reply(zone, &buffer[..received.len]) else { continue };
        let answer = reply::encode(&response, MAX_UDP);
        if let Err(error) = socket.send_from(&answer, received.asked, received.peer) {
            common::log!("{}: {}", received.peer, reason(&error));
        }
    }
}

/// Answers the queries of one TCP client until it closes.
///
/// # Contract
///
/// * Any number of queries, one after the other. Each has `idle_timeout` for all its bytes, and the
///   connection ends when that is over.
/// * A message that gets no answer is skipped.
///
/// # Errors
///
/// Those of the connection.
pub fn serve_client(stream: &TcpStream, zone: &Zone, idle_timeout: Duration) -> io::Result<()> {
    // The client waits for each answer, so Nagle's algorithm must not hold it back.
    stream.set_nodelay(true)?;
    loop {
        let mut until = Until::new(stream, Instant::now() + idle_timeout);
        let Some(query) = read_message(&mut until)? else { return Ok(()) };
        let Some(response) = reply::reply(zone, &query) else { continue };
        write_message(&mut until, &reply::encode(&response, MAX_TCP))?;
    }
}
