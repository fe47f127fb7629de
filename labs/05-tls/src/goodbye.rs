//! Step goodbye: an end that nobody else can fake.
//!
//! ```text
//!   S: "Echo: pay 10\n"   S: close_notify   S: FIN     the server has finished
//!   S: "Echo: pay 10\n"                     S: FIN     somebody has cut the wire, and the rest
//! ```
//!
//! FIN is not encrypted: anybody on the way can send one. close_notify is (RFC 8446, section 6.1).

use crate::given::errors::SendError;
use crate::server::ServerStream;
use crate::verify::ClientStream;
use std::io;

/// Says goodbye to a client, and closes the connection in order.
///
/// # Contract
///
/// * The client receives close_notify after all that was written, then FIN.
/// * It can read all of it although it sent more than we read (`common::close::orderly`).
///
/// # Steps
///
/// 1. `stream.conn.send_close_notify()` queues it; `flush` sends it.
/// 2. `common::close::orderly` with the socket inside.
///
/// # Errors
///
/// Those of the connection. A client that is gone already is none.
pub fn say_goodbye(stream: ServerStream) -> io::Result<()> {
    todo!("lab05, step goodbye: say_goodbye")
}

/// The client's end of a conversation: says goodbye, and waits for the server's.
///
/// # Contract
///
/// * `Ok(())` only if the server said close_notify, too. What it still sent is thrown away.
///
/// # Steps
///
/// 1. Queue and send our close_notify.
/// 2. Read to the end: rustls makes an error of an end without close_notify.
///
/// # Errors
///
/// [`SendError::Cut`] when the connection ends without it; else as
/// [`explain`](crate::verify::explain) gives it.
pub fn part(stream: ClientStream, name: &str) -> Result<(), SendError> {
    todo!("lab05, step goodbye: part")
}
