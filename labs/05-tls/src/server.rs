//! Step server: the handshake, under a deadline, and an echo.
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

/// A client's connection after its handshake: what is written to it is encrypted.
pub type ServerStream = StreamOwned<ServerConnection, TcpStream>;

/// What all connections of a server share: its certificate, its key, whom it asks for one.
///
/// # Contract
///
/// * Shows the certificate in `server.pem` of `folder`, and proves it with `server.key`.
/// * Asks clients for a certificate if there is a `verifier` (step mutual), else not.
///
/// # Steps
///
/// 1. `Identity::read` reads both files.
/// 2. `ServerConfig::builder()`, the verifier or `with_no_client_auth()`, `with_single_cert`.
///
/// # Errors
///
/// [`FileError`], when a file cannot be read, or the key is not the certificate's.
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
/// * It is over at `deadline`, however the client's bytes dribble in.
/// * Afterwards reads and writes have no timeout.
/// * What is not TLS is an error; the client is told by an alert.
///
/// # Steps
///
/// 1. Make a `ServerConnection`; it does no I/O by itself.
/// 2. `complete_io` reads and writes for it until the handshake is done: through a
///    `common::deadline::Until`, which you lift afterwards.
/// 3. A `StreamOwned` keeps connection and socket together.
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
    todo!("lab05, step server: handshake")
}

/// Answers each line with `Echo: ` and the line, until the client has finished.
///
/// # Contract
///
/// * `Ok(())` when the client has said goodbye (close_notify); an unfinished line is dropped.
/// * A line may end in `\n` or `\r\n`; the answer ends in `\n`. Any bytes may stand in it.
/// * A line of more than 1,024 bytes is answered by `ERROR line too long\n`, and ends it.
///
/// # Steps
///
/// 1. `common::line::read` reads a line, or tells that it is too long, or that there is none.
/// 2. Write the whole answer at once, to the TLS stream: `lines.get_mut()`.
///
/// # Errors
///
/// Those of the connection; `UnexpectedEof` when it ends without a goodbye.
pub fn echo_lines(lines: &mut BufReader<ServerStream>) -> io::Result<()> {
    todo!("lab05, step server: echo_lines")
}
