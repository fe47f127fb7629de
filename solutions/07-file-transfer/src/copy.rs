//! Steps download and get: a file onto a connection, and a connection into a file.
//!
//! ```text
//!   send:     file ═══ sendfile(2) ═══▶ socket        the bytes never visit us
//!   receive:  socket ──▶ 256 KiB buffer ──▶ file      flat, whatever the file's size
//! ```

use std::fs::File;
use std::io::{self, BufRead, ErrorKind, Read, Write};
use std::net::TcpStream;
#[cfg(target_os = "linux")]
use std::time::Instant;

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
/// # Errors
///
/// Those of read(2) and write(2), or sendfile(2): a reset connection, or a write timeout.
pub fn send(
    file: &File,
    stream: &TcpStream,
    count: u64,
    mut progress: impl FnMut(u64),
) -> io::Result<u64> {
    let mut sent = 0;
    while sent < count {
        match send_some(file, stream, (count - sent).min(STEP)) {
            // No byte at all: the file ends here, whatever its size was when we looked.
            Ok(0) => break,
            Ok(some) => {
                sent += some;
                progress(some);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => (),
            Err(error) => return Err(error),
        }
    }
    Ok(sent)
}

/// One step. The kernel sends the file's pages from its cache, and nothing is copied to us.
///
/// `io::copy` would read and write here. It did use sendfile(2) once; but a page that is changed
/// after it was "sent" may go out changed, which is not what a copy promises. We can bear that:
/// a file that changes while it is sent fails its sum in either case.
#[cfg(target_os = "linux")]
fn send_some(file: &File, stream: &TcpStream, count: u64) -> io::Result<u64> {
    let begun = Instant::now();
    match rustix::fs::sendfile(stream, file, None, count as usize) {
        // A write timeout in the middle shows only in this: it would strike again and again, and
        // each time the kernel would squeeze in a few bytes more.
        Ok(some) if (some as u64) < count && is_late(stream, begun)? => {
            Err(ErrorKind::TimedOut.into())
        }
        Ok(some) => Ok(some as u64),
        // Not every file system can do it.
        Err(rustix::io::Errno::INVAL) => copy_some(file, stream, count),
        Err(error) => Err(error.into()),
    }
}

/// Whether a write that began at `begun` has taken as long as it may.
#[cfg(target_os = "linux")]
fn is_late(stream: &TcpStream, begun: Instant) -> io::Result<bool> {
    Ok(stream.write_timeout()?.is_some_and(|limit| begun.elapsed() >= limit))
}

#[cfg(not(target_os = "linux"))]
use copy_some as send_some;

fn copy_some(file: &File, mut stream: &TcpStream, count: u64) -> io::Result<u64> {
    io::copy(&mut file.take(count), &mut stream)
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
/// # Errors
///
/// [`CopyError`] tells whether the connection failed or the file.
pub fn receive(
    input: &mut impl BufRead,
    output: &mut impl Write,
    count: u64,
    mut progress: impl FnMut(u64),
) -> Result<u64, CopyError> {
    let mut received = 0;
    while received < count {
        // What lies in the buffer already (it may have come with the line before), or one read.
        let bytes = match input.fill_buf() {
            Ok([]) => break,
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(CopyError::Source(error)),
        };
        let some = bytes.len().min(usize::try_from(count - received).unwrap_or(usize::MAX));
        output.write_all(&bytes[..some]).map_err(CopyError::Sink)?;
        input.consume(some);
        received += some as u64;
        progress(some as u64);
    }
    Ok(received)
}
