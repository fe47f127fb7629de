//! One client's conversation, request after request, until it has finished. (Given. It calls your
//! functions.)

use super::errors::{READ_ONLY, RequestError};
use crate::copy::BUFFER_LEN;
use crate::deadlines::{ReadTimeout, TimeoutReader};
use crate::digest::Digest;
use crate::download;
use crate::names::Root;
use crate::request::{Request, read_line};
use crate::upload;
use common::net::reason;
use common::shutdown::Shutdown;
use socket2::SockRef;
use std::io::{self, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Most unsent bytes that the kernel holds for a client: 256 KiB.
#[cfg(target_os = "linux")]
const UNSENT: u32 = 256 * 1024;

/// The values that all conversations share.
#[derive(Debug)]
pub struct Shared {
    /// The shared folder.
    pub root: Root,
    /// Whether uploads are allowed.
    pub writable: bool,
    /// How long a request line may take.
    pub request_timeout: Duration,
    /// How long a transfer may stall.
    pub stall_timeout: Duration,
    /// Whether the server was asked to stop.
    pub shutdown: Shutdown,
}

/// Serves one client, and closes or resets the connection at the end.
pub fn handle(shared: &Shared, stream: TcpStream, peer: SocketAddr) {
    match serve_requests(shared, &stream, peer) {
        Ok(()) => common::close::lingering(stream),
        Err(RequestError::Refused { answer, why }) => {
            common::log!("{peer}: {answer}: {why}");
            common::close::lingering(stream);
        }
        Err(RequestError::Fatal(answer)) => {
            common::log!("{peer}: {answer}");
            // A client that has left does not need the answer.
            let _ = send_error(&stream, answer);
            common::close::lingering(stream);
        }
        Err(RequestError::Broken(error)) => {
            common::log!("{peer}: {}", reason(&error));
            reset(stream);
        }
    }
}

fn serve_requests(
    shared: &Shared,
    stream: &TcpStream,
    peer: SocketAddr,
) -> Result<(), RequestError> {
    prepare(stream, shared.stall_timeout)?;
    let mut input =
        BufReader::with_capacity(BUFFER_LEN, TimeoutReader::new(stream, request_timeout(shared)));
    while !shared.shutdown.is_requested() {
        input.get_mut().timeout = request_timeout(shared);
        let Some(line) = read_line(&mut input)? else {
            return Ok(());
        };
        match serve_request(shared, &line, &mut input, stream) {
            Err(RequestError::Refused { answer, why }) => {
                common::log!("{peer}: {answer}: {why}");
                send_error(stream, answer)?;
            }
            other => other?,
        }
    }
    Ok(())
}

fn prepare(stream: &TcpStream, stall_timeout: Duration) -> io::Result<()> {
    // A size and a small file are two small writes. With Nagle's algorithm (RFC 896) the second
    // would wait for the acknowledgement of the first.
    stream.set_nodelay(true)?;
    // A write waits while the client does not read. This limits it.
    stream.set_write_timeout(Some(stall_timeout))?;
    // Without this the kernel holds up to 4 MiB for each client that does not read. For a client
    // that reads slowly, a write waits until a third of them is gone, as if the transfer stalled.
    #[cfg(target_os = "linux")]
    SockRef::from(stream).set_tcp_notsent_lowat(UNSENT)?;
    Ok(())
}

fn request_timeout(shared: &Shared) -> ReadTimeout {
    ReadTimeout::Request { since: Instant::now(), limit: shared.request_timeout }
}

fn serve_request(
    shared: &Shared,
    line: &[u8],
    input: &mut BufReader<TimeoutReader<'_>>,
    mut stream: &TcpStream,
) -> Result<(), RequestError> {
    let root = &shared.root;
    match Request::parse(line)? {
        Request::Download { name, offset } => {
            download::send_file(&root.open_file(&name)?, offset, stream)
        }
        Request::List => {
            let files = download::list(root);
            let lines = files.iter().map(|(name, size)| format!("{size} {name}\n"));
            let lines: String = [format!("{}\n", files.len())].into_iter().chain(lines).collect();
            Ok(stream.write_all(lines.as_bytes())?)
        }
        Request::Sum(name) => {
            let digest = Digest::of(&root.open_file(&name)?)?;
            Ok(stream.write_all(format!("{digest}\n").as_bytes())?)
        }
        Request::Put { name, .. } if !shared.writable => {
            Err(RequestError::Refused { answer: READ_ONLY, why: format!("{:?}", name.as_str()) })
        }
        Request::Put { size, digest, name } => {
            input.get_mut().timeout = ReadTimeout::Stall(shared.stall_timeout);
            upload::receive(root, &name, size, digest, input, stream)
        }
    }
}

fn send_error(mut stream: &TcpStream, answer: &str) -> io::Result<()> {
    stream.write_all(format!("ERROR {answer}\n").as_bytes())
}

/// Closes with RST. The kernel discards the unsent bytes, which it would keep for a client that
/// does not read. The client cannot take RST for the end of a file.
fn reset(stream: TcpStream) {
    // Linger 0, socket(7). If it fails, the connection is already closed.
    let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
}
