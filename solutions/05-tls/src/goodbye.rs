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
use crate::verify::{self, ClientStream};
use std::io::{self, ErrorKind, Write};

/// Ends TLS with close_notify, and closes the connection gracefully.
///
/// # Contract
///
/// * The client receives every byte written, then close_notify, then FIN.
/// * It receives them although it sent more than we read (`common::close::lingering`).
///
/// # Errors
///
/// Those of the connection. A connection that is already closed (`BrokenPipe`, `ConnectionReset`) is
/// no error. The tests see only `BrokenPipe` here, so a reviewer looks at all other errors.
pub fn say_goodbye(mut stream: ServerStream) -> io::Result<()> {
    stream.conn.send_close_notify();
    // rustls has only queued it, as it queues every write. flush sends it.
    match stream.flush() {
        Err(error) if is_gone(&error) => return Ok(()),
        outcome => outcome?,
    }
    common::close::lingering(stream.sock);
    Ok(())
}

/// Ends the client's conversation: sends close_notify, and waits for the server's.
///
/// # Contract
///
/// * `Ok(())` only if the server sent close_notify, too. Bytes that the server sends before that
///   are discarded, however many there are.
///
/// # Errors
///
/// [`SendError::Cut`] if the connection ends without it; else as
/// [`explain`](crate::verify::explain) returns it.
pub fn part(mut stream: ClientStream, name: &str) -> Result<(), SendError> {
    let ended = (|| {
        let connection = stream.get_mut();
        connection.conn.send_close_notify();
        connection.flush()?;
        // At the end, rustls distinguishes close_notify from a mere FIN.
        io::copy(&mut stream, &mut io::sink())
    })();
    ended.map(|_| ()).map_err(|error| verify::explain(error, name))
}

fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset)
}
