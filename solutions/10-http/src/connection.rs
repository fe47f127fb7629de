//! Step connection: request after request on one connection.
//!
//! ```text
//!   wait for a byte ─▶ exchange: request, body, answer ─▶ KeepAlive: again
//!                                                      └▶ Close: lingering close
//! ```

use crate::deadlines::TimeoutReader;
use crate::given::errors::Refusal;
use crate::given::session::Session;
use crate::request::{Method, Request, Version};
use crate::response::{Body, Persistence, Response};
use crate::stream::send_stream;
use common::net::is_timeout;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;

/// The bytes from a client. All readers share this buffer, because one read may return several
/// requests.
pub type Input<'a> = BufReader<TimeoutReader<'a>>;

/// Most bytes of a body that leave in one write with their head: 16 KiB.
pub const SMALL: u64 = 16 * 1024;

/// Bytes of one read of a larger file: 256 KiB.
pub const BUFFER_LEN: usize = 256 * 1024;

/// Serves the requests of one client in their order.
///
/// # Contract
///
/// * Waits for the first byte of a request with [`wait_for_request`]. Then calls
///   [`Session::exchange`], which asks [`persistence`] what follows.
/// * Requests that arrived together are all answered, in their order.
/// * Returns when the client has finished, and after an answer with [`Persistence::Close`]. Bytes
///   behind that request are not read.
///
/// # Errors
///
/// Those of the two functions.
pub fn serve(session: &Session<'_>, input: &mut Input<'_>) -> Result<(), Refusal> {
    while wait_for_request(session, input)? {
        if session.exchange(input, persistence)? == Persistence::Close {
            break;
        }
    }
    Ok(())
}

/// Waits for the first byte of the next request.
///
/// # Contract
///
/// * `true`: a byte is in `input`. It may have arrived with the request before it.
/// * `false`: the client has finished, or was silent for the whole idle timeout. A silent client
///   has done nothing wrong, so it gets no 408.
///
/// # Errors
///
/// Those of read(2), except a timeout.
pub fn wait_for_request(session: &Session<'_>, input: &mut Input<'_>) -> Result<bool, Refusal> {
    session.start_idle_time(input);
    loop {
        match input.fill_buf() {
            Ok(bytes) => return Ok(!bytes.is_empty()),
            Err(error) if error.kind() == ErrorKind::Interrupted => (),
            Err(error) if is_timeout(&error) => return Ok(false),
            Err(error) => return Err(Refusal::Gone(error)),
        }
    }
}

/// What happens to the connection after the answer to `request` (RFC 9112, section 9.3).
///
/// # Contract
///
/// * HTTP/1.1 keeps it, unless `Connection` has the word `close`.
/// * HTTP/1.0 closes it, unless `Connection` has the word `keep-alive` and not `close`. A
///   [`Body::Stream`] to HTTP/1.0 ends with the connection, so that closes, too.
/// * Words may have any case, and other words may be beside them
///   ([`Fields::has_word`](crate::fields::Fields::has_word)).
pub fn persistence(request: &Request, response: &Response) -> Persistence {
    if request.fields.has_word("connection", "close") {
        return Persistence::Close;
    }
    let is_stream = matches!(response.body, Body::Stream(_));
    match request.version {
        Version::Http11 => Persistence::KeepAlive,
        Version::Http10 if is_stream => Persistence::Close,
        Version::Http10 if request.fields.has_word("connection", "keep-alive") => {
            Persistence::KeepAlive
        }
        Version::Http10 => Persistence::Close,
    }
}

/// Sends `response`, and returns the number of bytes of its body.
///
/// # Contract
///
/// * A head and a body of up to [`SMALL`] bytes leave in one write. Two small writes may wait for
///   an acknowledgement between them (Nagle's algorithm, RFC 896).
/// * The answer to HEAD has the head of GET and no body. So has a status without a body.
/// * A file of any size takes the same memory.
///
/// # Errors
///
/// The errors of write(2), and of the file. A part of the answer may have been sent.
pub fn send(
    stream: &TcpStream,
    request: &Request,
    response: &Response,
    persistence: Persistence,
) -> io::Result<u64> {
    let mut head = response.head(request.version, persistence);
    let mut output = stream;
    match &response.body {
        _ if request.method == Method::Head || !response.status.has_body() => {
            output.write_all(&head)?;
            Ok(0)
        }
        Body::Bytes(bytes) if bytes.len() as u64 <= SMALL => {
            head.extend_from_slice(bytes);
            output.write_all(&head)?;
            Ok(bytes.len() as u64)
        }
        Body::Bytes(bytes) => {
            output.write_all(&head)?;
            output.write_all(bytes)?;
            Ok(bytes.len() as u64)
        }
        Body::File(file, length) => send_file(stream, head, file, *length),
        Body::Stream(produce) => {
            output.write_all(&head)?;
            send_stream(stream, request.version, produce)
        }
    }
}

/// Sends `head` and the next `length` bytes of `file`, and returns `length`.
///
/// # Contract
///
/// * The head is a promise. Exactly `length` bytes follow, even if the file grows.
/// * The first write has the head and up to [`SMALL`] bytes of the file.
///
/// # Errors
///
/// * The errors of read(2) and write(2).
/// * `UnexpectedEof`: the file is shorter than promised. The client would take anything else for
///   bytes of the file, so the caller resets the connection.
pub fn send_file(stream: &TcpStream, head: Vec<u8>, file: &File, length: u64) -> io::Result<u64> {
    let mut output = stream;
    let mut input = file;
    let mut first = head;
    let mut sent = input.take(length.min(SMALL)).read_to_end(&mut first)? as u64;
    output.write_all(&first)?;
    let mut buffer = vec![0; BUFFER_LEN.min((length - sent) as usize)];
    while sent < length {
        let most = BUFFER_LEN.min((length - sent) as usize);
        match input.read(&mut buffer[..most])? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            count => {
                output.write_all(&buffer[..count])?;
                sent += count as u64;
            }
        }
    }
    Ok(sent)
}
