//! Step server: the handshake, under a deadline, and an echo.
//!
//! ```text
//!   C: ClientHello          S: ServerHello, certificate, proof of its key, Finished
//!   C: Finished             from here on, every byte goes through the TLS connection
//!   C: TEXT \n              S: Echo: TEXT \n
//! ```

use crate::given::errors::FileError;
use crate::given::files::Identity;
use common::deadline::Until;
use common::line::{self, Line};
use rustls::server::danger::ClientCertVerifier;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{self, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// A client's connection after its handshake: what is written to it is encrypted.
pub type ServerStream = StreamOwned<ServerConnection, TcpStream>;

/// What all connections of a server share: its certificate, its key, whom it asks for one.
///
/// # Contract
///
/// * Shows the certificate in `server.pem` of `folder`, and proves it with `server.key`.
/// * Asks clients for a certificate if there is a `verifier` (step mutual), else not.
///
/// # Errors
///
/// [`FileError`], when a file cannot be read, or the key is not the certificate's.
pub fn server_config(
    folder: &Path,
    verifier: Option<Arc<dyn ClientCertVerifier>>,
) -> Result<Arc<ServerConfig>, FileError> {
    let path = folder.join("server.pem");
    let identity = Identity::read(&path, &folder.join("server.key"))?;
    let builder = ServerConfig::builder();
    let builder = match verifier {
        Some(verifier) => builder.with_client_cert_verifier(verifier),
        None => builder.with_no_client_auth(),
    };
    let config = builder
        .with_single_cert(identity.chain, identity.key)
        .map_err(|error| FileError::Malformed(path, error.to_string()))?;
    Ok(Arc::new(config))
}

/// Does the server's part of the handshake.
///
/// # Contract
///
/// * It is over at `deadline`, however the client's bytes dribble in.
/// * Afterwards reads and writes have no timeout.
/// * What is not TLS is an error; the client is told by an alert.
///
/// # Errors
///
/// `TimedOut` at the deadline; `InvalidData` for what rustls refuses (the error within says
/// why); those of the connection.
pub fn handshake(
    stream: TcpStream,
    config: &Arc<ServerConfig>,
    deadline: Instant,
) -> io::Result<ServerStream> {
    let mut connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
    // rustls does no I/O of its own: it says when it wants to read or to write, and
    // `complete_io` does that for it until both sides have said Finished.
    let mut until = Until::new(&stream, deadline);
    connection.complete_io(&mut until)?;
    until.lift()?;
    Ok(StreamOwned::new(connection, stream))
}

/// Answers each line with `Echo: ` and the line, until the client has finished.
///
/// # Contract
///
/// * `Ok(())` when the client has said goodbye (close_notify); an unfinished line is dropped.
/// * A line may end in `\n` or `\r\n`; the answer ends in `\n`. Any bytes may stand in it.
/// * A line of more than 1,024 bytes is answered by `ERROR line too long\n`, and ends it.
///
/// # Errors
///
/// Those of the connection; `UnexpectedEof` when it ends without a goodbye.
pub fn echo_lines(lines: &mut BufReader<ServerStream>) -> io::Result<()> {
    loop {
        let line = match line::read(lines)? {
            Line::Whole(line) => line,
            Line::TooLong => return lines.get_mut().write_all(b"ERROR line too long\n"),
            Line::End => return Ok(()),
        };
        // One write is one TLS record here; three would be three, each with its own overhead.
        let answer = [b"Echo: ", line.as_slice(), b"\n"].concat();
        // To the TLS stream, never to the TcpStream inside it: that would be plaintext.
        lines.get_mut().write_all(&answer)?;
    }
}
