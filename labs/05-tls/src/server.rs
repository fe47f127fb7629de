//! Step server: the handshake with a deadline, and an echo.
//!
//! ```text
//!   C: ClientHello          S: ServerHello, certificate, proof of its key, Finished
//!   C: Finished             from here on, every byte goes through the TLS connection
//!   C: TEXT \n              S: Echo: TEXT \n
//! ```

use crate::given::errors::FileError;
use rustls::server::danger::ClientCertVerifier;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{self, BufReader};
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
/// # Steps
///
/// 1. `Identity::read` reads both files.
/// 2. `ServerConfig::builder()`, then `with_client_cert_verifier` if there is a verifier, else
///    `with_no_client_auth()`, then `with_single_cert`.
///
/// # Errors
///
/// [`FileError`] names the file that cannot be read. If the key does not belong to the
/// certificate, that is [`FileError::Malformed`] with the path of `server.pem`.
pub fn server_config(
    folder: &Path,
    verifier: Option<Arc<dyn ClientCertVerifier>>,
) -> Result<Arc<ServerConfig>, FileError> {
    todo!("lab05, step server: server_config")
}

/// Does the server's part of the handshake.
///
/// # Contract
///
/// * It ends at the given `deadline`, also if the client sends a byte now and then.
/// * Afterwards reads and writes have no timeout.
/// * Bytes that are not TLS are an error. The client receives an alert.
///
/// # Steps
///
/// 1. Make a `ServerConnection`. It does no I/O itself.
/// 2. `complete_io` reads and writes for it until the handshake is complete. Call it with a
///    `common::deadline::Until`, and lift that afterwards.
/// 3. A `StreamOwned` keeps connection and socket together.
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
    todo!("lab05, step server: handshake")
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
/// # Steps
///
/// 1. `common::line::read` reads a line, or reports that it is too long, or that there is none.
/// 2. Write the whole answer with one call, to the TLS stream: `lines.get_mut()`.
///
/// # Errors
///
/// Those of the connection; `UnexpectedEof` if it ends without close_notify.
pub fn echo_lines(lines: &mut BufReader<ServerStream>) -> io::Result<()> {
    todo!("lab05, step server: echo_lines")
}
