//! Step many: many clients, and none of them in the way of the others.

use common::net::reason;
use common::shutdown::Shutdown;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::{self, Builder};
use std::time::Duration;

/// How long to wait when the system has no descriptor for another client: 50 ms.
pub const PAUSE: Duration = Duration::from_millis(50);

/// Accepts clients and gives each to `handle`, in a thread of its own, until `shutdown` is
/// requested.
///
/// # Contract
///
/// * Nobody waits for another client, however silent or slow that is.
/// * Trouble with one client, or in accept(2), or no thread to be had, is logged
///   (`common::log!`) and ends nothing. When there are no descriptors left, it waits
///   ([`PAUSE`]) until some are free, and does not spin.
/// * A client that leaves leaves no thread and no descriptor behind.
/// * When Ctrl-C comes, nobody else is accepted; it returns when all clients have finished.
pub fn serve(
    listener: &TcpListener,
    shutdown: &Shutdown,
    handle: impl Fn(TcpStream, SocketAddr) + Sync,
) {
    let handle = &handle;
    // The scope ends when all of its threads have: none is left without somebody to join it.
    thread::scope(|scope| {
        loop {
            let accepted = listener.accept();
            // Asked after accept: the connection that woke us may be Shutdown's own.
            if shutdown.is_requested() {
                return;
            }
            match accepted {
                Ok((stream, peer)) => {
                    // `Builder`: `scope.spawn` panics when the system has no thread for us.
                    let client = Builder::new().spawn_scoped(scope, move || handle(stream, peer));
                    if let Err(error) = client {
                        common::log!("{peer}: {}", reason(&error));
                    }
                }
                Err(error) => pause(&error),
            }
        }
    });
}

/// The client gave up while it waited, or a signal came: nothing is lost. Anything else
/// (EMFILE, ENFILE, ENOBUFS) would come again at once, for the client still waits to be accepted.
fn pause(error: &io::Error) {
    use ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    if matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted) {
        return;
    }
    common::log!("cannot accept a client: {}", reason(error));
    // No event tells that a descriptor is free again: this is a back-off, not a wait.
    thread::sleep(PAUSE);
}
