//! Step serve: a server for one zone, over UDP and TCP.

use crate::given::zone_file::Zone;
use common::shutdown::Shutdown;
use common::udp::Socket;
use std::io;
use std::net::TcpStream;
use std::time::Duration;

/// Answers each datagram at `socket` until `shutdown` is requested.
///
/// # Contract
///
/// * The answer leaves from the address to which the query was sent, and has at most
///   [`MAX_UDP`](crate::reply::MAX_UDP) bytes.
/// * An answer that cannot be sent is logged, and the loop goes on. So it does after a refusal of
///   an earlier answer, and after a signal.
///
/// # Steps
///
/// 1. Receive. Return when `shutdown` is requested.
/// 2. Sort the errors into those of one datagram and those of the socket.
/// 3. Make the reply and encode it. Send it from `received.asked`.
///
/// # Errors
///
/// Those of the socket itself.
pub fn serve_datagrams(socket: &Socket, zone: &Zone, shutdown: &Shutdown) -> io::Result<()> {
    todo!("lab11, step serve: serve_datagrams")
}

/// Answers the queries of one TCP client until it closes.
///
/// # Contract
///
/// * Any number of queries, one after the other. Each has `idle_timeout` for all its bytes, and the
///   connection ends when that is over.
/// * A message that gets no answer is skipped.
///
/// # Steps
///
/// 1. Turn Nagle's algorithm off.
/// 2. For each query, make an `Until` with a new deadline. Read the message, and write the
///    response within it.
///
/// # Errors
///
/// Those of the connection.
pub fn serve_client(stream: &TcpStream, zone: &Zone, idle_timeout: Duration) -> io::Result<()> {
    todo!("lab11, step serve: serve_client")
}
