//! Ctrl-C and SIGTERM: stop accepting, let running clients finish, say `stopped`, exit 0.
//!
//! A signal handler may do almost nothing (signal-safety(7)), so the `ctrlc` crate moves the signal
//! to a thread of its own, and there we set a flag. But a server that sleeps in `accept` does not
//! look at flags. The portable way to wake it is to connect to it.
//!
//! ```text
//!   signal ─▶ flag := true ─▶ connect to our own listener ─▶ accept returns ─▶ loop sees flag
//!         └─▶ after GRACE, or at a second signal: print "stopped", exit 0
//! ```

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// How long running clients may take to finish after the signal: two seconds.
pub const GRACE: Duration = Duration::from_secs(2);

/// Whether the program was asked to stop. Clones share one flag.
#[derive(Clone, Debug)]
pub struct Shutdown {
    requested: Arc<AtomicBool>,
}

impl Shutdown {
    /// Stops a TCP server on SIGINT and SIGTERM. Its `accept` returns (with our own connection or
    /// with a client's), and [`Shutdown::is_requested`] is true from then on.
    ///
    /// # Errors
    ///
    /// When the listener has no address, or the handler cannot be installed; a process can
    /// have only one.
    pub fn on_signals(listener: &TcpListener) -> io::Result<Shutdown> {
        Shutdown::waking(waker(listener)?)
    }

    /// The same for a program that waits somewhere else: `wake` must make it look at the flag.
    ///
    /// # Errors
    ///
    /// When the handler cannot be installed; a process can have only one.
    pub fn waking(wake: impl Fn() + Send + 'static) -> io::Result<Shutdown> {
        let requested = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&requested);
        let handler = move || {
            if flag.swap(true, Ordering::SeqCst) {
                finish(); // a second Ctrl-C: its sender does not want to wait
            }
            // Not thread::spawn, which panics where no more threads are allowed.
            let limit = thread::Builder::new().spawn(|| {
                // Not to wait *for* something, but as a limit.
                thread::sleep(GRACE);
                finish();
            });
            wake();
            if limit.is_err() {
                // The same limit, by this thread.
                thread::sleep(GRACE);
                finish();
            }
        };
        ctrlc::set_handler(handler).map_err(io::Error::other)?;
        Ok(Shutdown { requested })
    }

    /// True from the first signal on.
    pub fn is_requested(&self) -> bool {
        self.requested.load(Ordering::SeqCst)
    }
}

/// For [`Shutdown::waking`]: wakes the thread in `accept` at `listener`, with a connection.
///
/// # Errors
///
/// When the listener has no address, or no descriptor is left for one in reserve.
pub fn waker(listener: &TcpListener) -> io::Result<impl Fn() + Send + 'static> {
    let address = reachable(listener.local_addr()?);
    // A descriptor in reserve. A server without a free descriptor could not make the connection
    // that wakes it.
    let spare = Mutex::new(Some(listener.try_clone()?));
    Ok(move || {
        drop(spare.lock().ok().and_then(|mut spare| spare.take()));
        // Should this fail because the accept queue is full, then no thread sleeps in accept.
        let _ = TcpStream::connect_timeout(&address, GRACE);
    })
}

/// Prints `stopped` and ends the process with status 0. The last line of a server's `main`.
pub fn finish() -> ! {
    let mut stdout = io::stdout().lock();
    // The reader may be gone, but the server must stop nevertheless.
    let _ = writeln!(stdout, "stopped").and_then(|()| stdout.flush());
    process::exit(0)
}

/// Where a connection to `address` ends up: `0.0.0.0` and `[::]` mean "any of mine" to bind, but
/// are no destination (RFC 1122, section 3.2.1.3).
pub(crate) fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        });
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_address_is_reached_through_loopback() {
        for (bound, wanted) in [
            ("0.0.0.0:7001", "127.0.0.1:7001"),
            ("[::]:7001", "[::1]:7001"),
            ("127.0.0.2:7001", "127.0.0.2:7001"),
        ] {
            let bound: SocketAddr = bound.parse().expect("an address");
            assert_eq!(reachable(bound).to_string(), wanted);
        }
    }
}
