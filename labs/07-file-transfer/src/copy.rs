//! Steps download and get: from a file to a connection, and from a connection to a file.
//!
//! ```text
//!   send:     file ═══ sendfile(2) ═══▶ socket        no copy in this process
//!   receive:  socket ──▶ 256 KiB buffer ──▶ file      flat memory for any size
//! ```

use std::fs::File;
use std::io::{self, BufRead, Write};
use std::net::TcpStream;

/// Most bytes between two calls of `progress`: 1 MiB.
pub const STEP: u64 = 1 << 20;

/// Size of a connection's buffer: 256 KiB. A GiB then takes thousands of system calls and not
/// hundreds of thousands. The kernel provides its pages only when they are used.
pub const BUFFER_LEN: usize = 256 * 1024;

/// Which side of a copy failed.
#[derive(Debug)]
pub enum CopyError {
    /// Reading failed: the connection.
    Source(io::Error),
    /// Writing failed: the disk.
    Sink(io::Error),
}

/// Sends the next `count` bytes of `file`, and reports each step to `progress`.
///
/// # Contract
///
/// * Sends at most `count` bytes, even if the file grows in the meantime.
/// * Returns the number of bytes sent. It is less than `count` only if the file ends too early,
///   because it may shrink.
/// * Repeats a call that a signal interrupted (`Interrupted`).
/// * Uses the same memory for a file of any size.
///
/// # Steps
///
/// 1. Begin with `io::copy(&mut file.take(count), &mut stream)`, in steps of [`STEP`]. It works on
///    every system, with a buffer of 8 KiB.
/// 2. Look at its system calls with strace(1). On Linux, sendfile(2) moves the bytes inside the
///    kernel: `rustix::fs::sendfile(stream, file, None, count)`.
/// 3. Both return the number of bytes. A step may be short, and 0 means that the file has ended.
///
/// # Errors
///
/// The errors of read(2), write(2) and sendfile(2), such as a reset connection or a write timeout.
pub fn send(
    file: &File,
    stream: &TcpStream,
    count: u64,
    progress: impl FnMut(u64),
) -> io::Result<u64> {
    todo!("lab07, step download: send")
}

/// Receives the next `count` bytes of `input` into `output`, and reports each step to `progress`.
///
/// # Contract
///
/// * Takes at most `count` bytes from `input`, because the next line begins behind them.
/// * Returns the number of bytes received. It is less than `count` only if the input ends early.
/// * All received bytes are in `output` when this returns, also when it returns an error.
/// * Uses the same memory for any `count`.
///
/// # Steps
///
/// 1. `fill_buf` returns the bytes in the buffer, or reads once. An empty slice means the end.
/// 2. Take at most the missing bytes of it. Write them, `consume` them, call `progress`.
/// 3. Repeat after `Interrupted`, which a signal causes. Tell the caller which side failed.
///
/// # Errors
///
/// [`CopyError`] tells whether the connection or the file failed.
pub fn receive(
    input: &mut impl BufRead,
    output: &mut impl Write,
    count: u64,
    progress: impl FnMut(u64),
) -> Result<u64, CopyError> {
    todo!("lab07, step get: receive")
}
