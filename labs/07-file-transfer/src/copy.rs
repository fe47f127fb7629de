//! Steps download and get: a file onto a connection, and a connection into a file.
//!
//! ```text
//!   send:     file ═══ sendfile(2) ═══▶ socket        the bytes never visit us
//!   receive:  socket ──▶ 256 KiB buffer ──▶ file      flat, whatever the file's size
//! ```

use std::fs::File;
use std::io::{self, BufRead, Write};
use std::net::TcpStream;

/// How much is moved before `progress` hears of it, at most: 1 MiB.
pub const STEP: u64 = 1 << 20;

/// The buffer of a connection: 256 KiB, so that a GiB takes thousands of system calls and not
/// hundreds of thousands. The system gives us its pages only as they are used.
pub const BUFFER_LEN: usize = 256 * 1024;

/// Which side of a copy failed.
#[derive(Debug)]
pub enum CopyError {
    /// Reading: the connection's trouble.
    Source(io::Error),
    /// Writing: the disk's trouble.
    Sink(io::Error),
}

/// Sends the next `count` bytes of `file`, and tells `progress` of every step.
///
/// # Contract
///
/// * Never more than `count`, even if the file grows meanwhile.
/// * Returns how many went: fewer only when the file ends too early (it may shrink).
/// * Memory stays flat: nothing here has the size of the file.
///
/// # Steps
///
/// 1. `io::copy(&mut file.take(count), &mut stream)` does it all, on every system, in a buffer of
///    8 KiB: begin with that, in steps of [`STEP`].
/// 2. Look with strace(1) what it does on Linux. sendfile(2) does the same without a visit of the
///    bytes to your program: `rustix::fs::sendfile(stream, file, None, count)`.
/// 3. Both return how many bytes went: a step may be short, and 0 means that the file has ended.
///
/// # Errors
///
/// Those of read(2) and write(2), or sendfile(2): a reset connection, or a write timeout.
pub fn send(
    file: &File,
    stream: &TcpStream,
    count: u64,
    progress: impl FnMut(u64),
) -> io::Result<u64> {
    todo!("lab07, step download: send")
}

/// Receives the next `count` bytes of `input` into `output`, and tells `progress` of every step.
///
/// # Contract
///
/// * Not one byte more than `count` is taken from `input`: the next line begins behind them.
/// * Returns how many came: fewer only when the input ends too early.
/// * What came is in `output` when this returns, also when it returns an error.
/// * Memory stays flat.
///
/// # Steps
///
/// 1. `fill_buf` shows what is there already, or reads once; nothing means the end.
/// 2. Take no more of it than is still due: write that, `consume` that, tell `progress`.
/// 3. `Interrupted` is no failure. Keep apart which side failed.
///
/// # Errors
///
/// [`CopyError`] tells whether the connection failed or the file.
pub fn receive(
    input: &mut impl BufRead,
    output: &mut impl Write,
    count: u64,
    progress: impl FnMut(u64),
) -> Result<u64, CopyError> {
    todo!("lab07, step get: receive")
}
