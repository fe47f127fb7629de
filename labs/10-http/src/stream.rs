//! Step stream: an answer whose length is not known when it begins.
//!
//! ```text
//!   HTTP/1.1    Transfer-Encoding: chunked    a client sees whether the end is missing
//!   HTTP/1.0    the connection ends           a client cannot see that
//! ```

use crate::request::Version;
use crate::response::{Producer, Response};
use std::fmt::Display;
use std::io::{self, Write};
use std::net::TcpStream;

/// Bytes of one chunk: 16 KiB. Each costs a system call and a few bytes.
pub const CHUNK: usize = 16 * 1024;

/// Writes chunks to `output`.
#[derive(Debug)]
pub struct ChunkWriter<W: Write> {
    output: W,
    /// How many bytes of the body it has written.
    pub count: u64,
}

impl<W: Write> ChunkWriter<W> {
    /// Writes to `output`. (Given.)
    pub fn new(output: W) -> ChunkWriter<W> {
        ChunkWriter { output, count: 0 }
    }

    /// Writes `bytes` as one chunk.
    ///
    /// # Contract
    ///
    /// * The size in hex, CR LF, the bytes, CR LF, all in one write.
    /// * No bytes are no chunk, because a chunk of size 0 is the last one.
    /// * Adds to `count`.
    ///
    /// # Steps
    ///
    /// 1. Return if `bytes` is empty.
    /// 2. Build the chunk (`format!("{:x}\r\n", …)`), and call `write_all` once.
    ///
    /// # Errors
    ///
    /// Those of `output`.
    pub fn write_chunk(&mut self, bytes: &[u8]) -> io::Result<()> {
        todo!("lab10, step stream: write_chunk")
    }

    /// Writes the last chunk, without trailers. (Given.)
    ///
    /// # Errors
    ///
    /// Those of `output`.
    pub fn finish(mut self) -> io::Result<u64> {
        self.output.write_all(b"0\r\n\r\n")?;
        Ok(self.count)
    }
}

impl<W: Write> Write for ChunkWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_chunk(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

/// Sends the bytes that `produce` writes, and returns their number.
///
/// # Contract
///
/// * HTTP/1.1: as chunks of up to [`CHUNK`] bytes. Small writes of `produce` are collected to one
///   chunk. The last chunk is sent only if `produce` has written all.
/// * HTTP/1.0: as they are. The end of the connection ends them.
/// * Does not hold the whole body in memory.
///
/// # Steps
///
/// 1. Put a `BufWriter` of [`CHUNK`] bytes around a [`ChunkWriter`] (HTTP/1.1) or the stream.
/// 2. Call `produce`, flush, and finish.
/// 3. For HTTP/1.0, count the bytes with a [`Counter`].
///
/// # Errors
///
/// Those of `produce` and of write(2). The caller resets the connection then.
pub fn send_stream(stream: &TcpStream, version: Version, produce: &Producer) -> io::Result<u64> {
    todo!("lab10, step stream: send_stream")
}

/// Counts the bytes that it passes on. (Given.)
#[derive(Debug)]
pub struct Counter<W: Write> {
    output: W,
    /// How many bytes it has written.
    pub count: u64,
}

impl<W: Write> Counter<W> {
    /// Writes to `output`.
    pub fn new(output: W) -> Counter<W> {
        Counter { output, count: 0 }
    }
}

impl<W: Write> Write for Counter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.output.write(bytes)?;
        self.count += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

/// The answer of a handler, or the answer to its failure.
///
/// # Contract
///
/// * A failure is answered by 500 and no detail, because details help an attacker. The log has the
///   reason. The connection goes on.
///
/// # Steps
///
/// 1. Log an error with `common::log!`, escaped by `escape_debug`.
/// 2. [`Response::error`] makes the answer.
pub fn or_server_error(outcome: Result<Response, impl Display>) -> Response {
    todo!("lab10, step stream: or_server_error")
}
