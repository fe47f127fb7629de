//! Step connection: an answer on the wire.
//!
//! ```text
//!   small:  head and body in one write
//!   large:  head and the first 16 KiB, then pieces of 256 KiB
//! ```

use crate::request::{Method, Request};
use crate::response::{Body, Persistence, Response};
use crate::stream::send_stream;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
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
/// * A write that a signal interrupts (`Interrupted`) is repeated, as `write_all` does.
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
    // With room for all of it, `read_to_end` needs one read.
    first.reserve(length.min(SMALL) as usize + 1);
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
