//! Step connection: request after request on one connection.
//!
//! ```text
//!   wait for a byte ─▶ exchange: request, body, answer ─▶ KeepAlive: again
//!                                                      └▶ Close: lingering close
//! ```

use crate::deadlines::TimeoutReader;
use crate::given::errors::Refusal;
use crate::given::session::Session;
use crate::request::{Method, Request};
use crate::response::{Body, Persistence, Response};
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
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
/// # Steps
///
/// 1. Repeat both calls while each says that it goes on.
///
/// # Errors
///
/// Those of the two functions.
pub fn serve(session: &Session<'_>, input: &mut Input<'_>) -> Result<(), Refusal> {
    // Given, so that earlier steps run. It serves one request, and closes.
    match session.exchange(input, |_, _| Persistence::Close)? {
        Persistence::Close => return Ok(()),
        Persistence::KeepAlive => (),
    }
    todo!("lab10, step connection: serve")
}

/// Waits for the first byte of the next request.
///
/// # Contract
///
/// * `true`: a byte is in `input`. It may have arrived with the request before it.
/// * `false`: the client has finished, or was silent for the whole idle timeout. A silent client
///   has done nothing wrong, so it gets no 408.
///
/// # Steps
///
/// 1. Start the idle time with [`Session::start_idle_time`].
/// 2. Call `fill_buf`, which reads only if the buffer is empty, and look whether it is empty then.
/// 3. An expired timeout ([`is_timeout`]) is `false`, too.
///
/// # Errors
///
/// Those of read(2), except a timeout.
pub fn wait_for_request(session: &Session<'_>, input: &mut Input<'_>) -> Result<bool, Refusal> {
    todo!("lab10, step connection: wait_for_request")
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
///
/// # Steps
///
/// 1. Look for the word `close`.
/// 2. Decide by the version.
pub fn persistence(request: &Request, response: &Response) -> Persistence {
    todo!("lab10, step connection: persistence")
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
/// # Steps
///
/// 1. Decide which body to send: none to HEAD.
/// 2. Append a small body to the head, and call `write_all` once.
/// 3. A larger file follows its head with [`send_file`], and a stream with [`send_stream`].
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
    // Given, so that earlier steps run. Head and body are two writes.
    let mut output = stream;
    output.write_all(&response.head(request.version, persistence))?;
    match &response.body {
        _ if request.method == Method::Head => (),
        Body::Bytes(bytes) => {
            output.write_all(bytes)?;
            return Ok(bytes.len() as u64);
        }
        Body::File(file, length) => return io::copy(&mut file.take(*length), &mut output),
        Body::Stream(_) => (),
    }
    todo!("lab10, step connection: send")
}

/// Sends `head` and the next `length` bytes of `file`, and returns `length`.
///
/// # Contract
///
/// * The head is a promise. Exactly `length` bytes follow, even if the file grows.
/// * The first write has the head and up to [`SMALL`] bytes of the file.
///
/// # Steps
///
/// 1. Append the first bytes to `head`, by `file.take(…)` and `read_to_end`, and write them.
/// 2. Write the rest in pieces of at most [`BUFFER_LEN`] bytes.
/// 3. Compare the number of bytes sent with `length`.
///
/// # Errors
///
/// * The errors of read(2) and write(2).
/// * `UnexpectedEof`: the file is shorter than promised. The client would take anything else for
///   bytes of the file, so the caller resets the connection.
pub fn send_file(stream: &TcpStream, head: Vec<u8>, file: &File, length: u64) -> io::Result<u64> {
    todo!("lab10, step connection: send_file")
}
