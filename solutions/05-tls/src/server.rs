//! Step server: the handshake with a deadline, and an echo.
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

/// A client's connection after its handshake. It encrypts every byte written to it.
pub type ServerStream = StreamOwned<ServerConnection, TcpStream>;

/// The part that all connections of a server share: certificate, key, and the verifier of client
/// certificates.
///
/// # Contract
///
/// * The server shows the certificate in `server.pem` of `folder`, and proves it with
///   `server.key`.
/// * It speaks TLS 1.3 and 1.2.
/// * It asks clients for a certificate if there is a `verifier` (step mutual), else not.
///
/// # Errors
///
/// [`FileError`] names the file that cannot be read. If the key does not belong to the
/// certificate, that is [`FileError::Malformed`] with the path of `server.pem`.
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
/// * It ends at the given `deadline`, also if the client sends a byte now and then.
/// * Afterwards reads and writes have no timeout.
/// * Bytes that are not TLS are an error. The client receives an alert.
///
/// # Errors
///
/// `TimedOut` at the deadline; `InvalidData` if rustls refuses the client's bytes (the error
/// inside gives the reason); those of the connection. The log shows their text and not their kind, so
/// a reviewer looks whether they are returned as they are.
pub fn handshake(
    stream: TcpStream,
    config: &Arc<ServerConfig>,
    deadline: Instant,
) -> io::Result<ServerStream> {
    let mut connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
    // rustls does no I/O itself. `complete_io` reads and writes whenever rustls asks for it, until
    // both sides have sent Finished.
    let mut until = Until::new(&stream, deadline);
    connection.complete_io(&mut until)?;
    until.lift()?;
    Ok(StreamOwned::new(connection, stream))
}

/// Answers each line with `Echo: ` and the line, until the client ends the connection.
///
/// # Contract
///
/// * `Ok(())` when the client has sent close_notify. An unfinished line is dropped.
/// * A line ends in `\n` or `\r\n`; the answer ends in `\n`. A line may hold any bytes, and they
///   come back unchanged.
/// * A line of more than 1,024 bytes is answered by `ERROR line too long\n`, and ends the
///   conversation. The answer does not wait for the end of the line.
///
/// # Errors
///
/// Those of the connection; `UnexpectedEof` if it ends without close_notify.
pub fn echo_lines(lines: &mut BufReader<ServerStream>) -> io::Result<()> {
    loop {
        let line = match line::read(lines)? {
            Line::Whole(line) => line,
            Line::TooLong => return lines.get_mut().write_all(b"ERROR line too long\n"),
            Line::End => return Ok(()),
        };
        // One write becomes one TLS record here. Three writes become three records, each with a
        // header and a tag.
        let answer = [b"Echo: ", line.as_slice(), b"\n"].concat();
        // To the TLS stream. The TcpStream inside it would send the bytes as plain text.
        lines.get_mut().write_all(&answer)?;
    }
}
