//! Wakes the loop when Ctrl-C comes. A signal is handled by a thread of its own (`common::shutdown`).
//! That thread writes a byte, and the loop finds its socket readable.

use super::poller::Source;
use socket2::Socket;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;

/// A socket for the loop to watch, and what makes it readable. Both exist from the start, because a
/// server without a free descriptor must stop, too.
///
/// # Errors
///
/// Those of socketpair(2).
pub fn pair() -> io::Result<(Source, impl Fn() + Send + 'static)> {
    let (ours, theirs) = UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    theirs.set_nonblocking(true)?;
    // Err means that the loop has a byte to read already.
    let wake = move || drop((&theirs).write(&[0]));
    Ok((Source::new(Socket::from(OwnedFd::from(ours))), wake))
}
