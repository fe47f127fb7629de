//! Step goodbye: an end of the stream that an attacker cannot forge.
//!
//! ```text
//!   S: "Echo: pay 10\n"   S: close_notify   S: FIN     the server has finished
//!   S: "Echo: pay 10\n"                     S: FIN     an attacker may have cut off the rest
//! ```
//!
//! FIN is not encrypted, so any router on the path can send one. close_notify is encrypted (RFC
//! 8446, section 6.1).

use crate::given::errors::SendError;
use crate::server::ServerStream;
use crate::verify::ClientStream;
use std::io;

/// Ends TLS with close_notify, and closes the connection gracefully.
///
/// # Contract
///
/// * The client receives every byte written, then close_notify, then FIN.
/// * It receives them although it sent more than we read (`common::close::lingering`).
///
/// # Steps
///
/// 1. `stream.conn.send_close_notify()` queues it; `flush` sends it.
/// 2. `common::close::lingering` with the socket inside.
///
/// # Errors
///
/// Those of the connection. A connection that is already closed (`BrokenPipe`, `ConnectionReset`) is
/// no error. The tests see only `BrokenPipe` here, so a reviewer looks at all other errors.
pub fn say_goodbye(stream: ServerStream) -> io::Result<()> {
    todo!("lab05, step goodbye: say_goodbye")
}

/// Ends the client's conversation: sends close_notify, and waits for the server's.
///
/// # Contract
///
/// * `Ok(())` only if the server sent close_notify, too. Bytes that the server sends before that
///   are discarded, however many there are.
///
/// # Steps
///
/// 1. Queue and send our close_notify.
/// 2. Read to the end. rustls returns an error at an end without close_notify.
///
/// # Errors
///
/// [`SendError::Cut`] if the connection ends without it; else as
/// [`explain`](crate::verify::explain) returns it.
pub fn part(stream: ClientStream, name: &str) -> Result<(), SendError> {
    todo!("lab05, step goodbye: part")
}
