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
use crate::verify::{self, ClientStream};
use std::io::{self, ErrorKind, Read, Write};

/// Says goodbye to a client, and closes the connection in order.
///
/// # Contract
///
/// * The client receives close_notify after all that was written, then FIN.
/// * It can read all of it although it sent more than we read (`common::close::orderly`).
///
/// # Errors
///
/// Those of the connection. A client that is gone already is none.
pub fn say_goodbye(mut stream: ServerStream) -> io::Result<()> {
    stream.conn.send_close_notify();
    // It is queued in the TLS connection, like all that we write: flush sends it.
    match stream.flush() {
        Err(error) if is_gone(&error) => return Ok(()),
        outcome => outcome?,
    }
    common::close::orderly(stream.sock);
    Ok(())
}

/// The client's end of a conversation: says goodbye, and waits for the server's.
///
/// # Contract
///
/// * `Ok(())` only if the server said close_notify, too. What it still sent is thrown away.
///
/// # Errors
///
/// [`SendError::Cut`] when the connection ends without it; else as
/// [`explain`](crate::verify::explain) gives it.
pub fn part(mut stream: ClientStream, name: &str) -> Result<(), SendError> {
    let ended = (|| {
        let connection = stream.get_mut();
        connection.conn.send_close_notify();
        connection.flush()?;
        // Read to the end: rustls tells an end with close_notify from one without.
        io::copy(&mut stream.by_ref().take(u64::MAX), &mut io::sink())
    })();
    ended.map(|_| ()).map_err(|error| verify::explain(error, name))
}

fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset)
}
