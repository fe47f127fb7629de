//! Steps download and get: from a file to a connection, and from a connection to a file.
//!
//! ```text
//!   send:     file ═══ sendfile(2) ═══▶ socket        no copy in this process
//!   receive:  socket ──▶ 256 KiB buffer ──▶ file      flat memory for any size
//! ```

use std::fs::File;
use std::io::{self, BufRead, ErrorKind, Read, Write};
use std::net::TcpStream;
#[cfg(target_os = "linux")]
use std::time::Instant;

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
/// # Errors
///
/// The errors of read(2), write(2) and sendfile(2), such as a reset connection or a write timeout.
pub fn send(
    file: &File,
    stream: &TcpStream,
    count: u64,
    mut progress: impl FnMut(u64),
) -> io::Result<u64> {
    let mut sent = 0;
    while sent < count {
        match send_some(file, stream, (count - sent).min(STEP)) {
            // The file ends here. It may have been longer when its size was read.
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

/// One step. The kernel sends the pages of the file from its cache, without a copy in this process.
///
/// `io::copy` reads and writes here. It used sendfile(2) in the past, but a page that changes after
/// it was "sent" may be transmitted with the change, and a copy must not do that. Here it does no
/// harm, because a file that changes while it is sent has a wrong sum in both cases.
#[cfg(target_os = "linux")]
fn send_some(file: &File, stream: &TcpStream, count: u64) -> io::Result<u64> {
    let begun = Instant::now();
    match rustix::fs::sendfile(stream, file, None, count as usize) {
        // The kernel reports a write timeout in the middle only as a short count. The next call
        // would time out again, after a few bytes more.
        Ok(some) if (some as u64) < count && is_late(stream, begun)? => {
            Err(ErrorKind::TimedOut.into())
        }
        Ok(some) => Ok(some as u64),
        // Some file systems do not support sendfile(2).
        Err(rustix::io::Errno::INVAL) => copy_some(file, stream, count),
        Err(error) => Err(error.into()),
    }
}

/// Whether a write that began at `begun` has reached its timeout.
#[cfg(target_os = "linux")]
fn is_late(stream: &TcpStream, begun: Instant) -> io::Result<bool> {
    Ok(stream.write_timeout()?.is_some_and(|limit| begun.elapsed() >= limit))
}

#[cfg(not(target_os = "linux"))]
use copy_some as send_some;

fn copy_some(file: &File, mut stream: &TcpStream, count: u64) -> io::Result<u64> {
    io::copy(&mut file.take(count), &mut stream)
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
/// # Errors
///
/// [`CopyError`] tells whether the connection or the file failed.
pub fn receive(
    input: &mut impl BufRead,
    output: &mut impl Write,
    count: u64,
    mut progress: impl FnMut(u64),
) -> Result<u64, CopyError> {
    let mut received = 0;
    while received < count {
        // The bytes in the buffer (they may have arrived with the line before), or one read.
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
