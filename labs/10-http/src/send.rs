//! Step connection: an answer on the wire.
//!
//! ```text
//!   small:  head and body in one write
//!   large:  head and the first 16 KiB, then pieces of 256 KiB
//! ```

use crate::request::{Method, Request};
use crate::response::{Body, Persistence, Response};
use std::fs::File;
use std::io::{self, Read, Write};
use std::net::TcpStream;

/// Most bytes of a body that leave in one write with their head: 16 KiB.
pub const SMALL: u64 = 16 * 1024;

/// Bytes of one read of a larger file: 256 KiB.
pub const BUFFER_LEN: usize = 256 * 1024;

/// Sends `response`, and returns the number of bytes of its body.
///
/// # Contract
///
/// * A head and a body of up to [`SMALL`] bytes leave in one write. Two small writes may wait for
///   an acknowledgement between them without TCP_NODELAY (Nagle's algorithm, RFC 896).
/// * The answer to HEAD has the head of GET and no body. So has a status without a body.
/// * A file of any size takes the same memory.
///
/// # Steps
///
/// 1. Decide which body to send: none to HEAD.
/// 2. Append a small body to the head, and call `write_all` once.
/// 3. A larger file follows its head with [`send_file`], and a stream with `send_stream`.
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
/// * A write that a signal interrupts (`Interrupted`) is repeated, as `write_all` does.
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
