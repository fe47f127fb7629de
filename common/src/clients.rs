//! Many clients: a thread for each, and none of them another's trouble.
//!
//! Other labs call it instead of writing it again (lab 02).
//!
//! ```text
//!   accept ─▶ place free? ─▶ thread: handle(stream, peer) ─▶ place free again
//!      ▲                                                        │
//!      └── waits in the backlog while all places are taken ◀────┘
//! ```

use crate::net::reason;
use crate::shutdown::Shutdown;
#[cfg(unix)]
use nix::libc;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread::{self, Scope, ScopedJoinHandle};
use std::time::Duration;

/// Most clients at once: 256. Each costs a thread and a descriptor, and a usual limit is 1,024
/// descriptors (RLIMIT_NOFILE). One more is accepted and waits until a client leaves. All further
/// clients wait in the backlog.
pub const MAX_CLIENTS: usize = 256;

/// How long to wait before accepting again when there is no descriptor or thread left, and before
/// looking whether it is over. There is no event to wait for, because another program may hold the
/// missing resource.
const PAUSE: Duration = Duration::from_millis(50);

/// Accepts clients and gives each to `handle`, in a thread of its own, until `shutdown` is
/// requested; then waits for the clients that are being served.
///
/// A `handle` that panics ends its own client and no other.
///
/// # Errors
///
/// Those of accept(2) that concern the listener.
pub fn serve(
    listener: &TcpListener,
    shutdown: &Shutdown,
    handle: impl Fn(TcpStream, SocketAddr) + Sync,
) -> io::Result<()> {
    serve_at_most(MAX_CLIENTS, listener, shutdown, handle)
}

/// The same with at most `most` clients at once, for a server that counts its clients itself.
///
/// # Errors
///
/// Those of accept(2) that concern the listener.
pub fn serve_at_most(
    most: usize,
    listener: &TcpListener,
    shutdown: &Shutdown,
    handle: impl Fn(TcpStream, SocketAddr) + Sync,
) -> io::Result<()> {
    serve_in(&Places::new(most), listener, shutdown, handle, || ())
}

/// As [`serve`], and calls `close` when no other client is accepted, before it waits for those that are
/// being served: to tell them, for instance.
///
/// # Errors
///
/// Those of accept(2) that concern the listener.
pub fn serve_then(
    listener: &TcpListener,
    shutdown: &Shutdown,
    handle: impl Fn(TcpStream, SocketAddr) + Sync,
    close: impl FnOnce(),
) -> io::Result<()> {
    serve_in(&Places::new(MAX_CLIENTS), listener, shutdown, handle, close)
}

fn serve_in(
    places: &Places,
    listener: &TcpListener,
    shutdown: &Shutdown,
    handle: impl Fn(TcpStream, SocketAddr) + Sync,
    close: impl FnOnce(),
) -> io::Result<()> {
    thread::scope(|scope| {
        let mut running = Vec::new();
        let outcome = accept_all(listener, shutdown, |stream, peer| {
            running = join_finished(std::mem::take(&mut running));
            // Without a place the server is stopping, so this client is closed.
            let Some(place) = places.take_unless(|| shutdown.is_requested()) else { return Ok(()) };
            running.push(start(scope, &handle, stream, peer, place)?);
            Ok(())
        });
        close();
        // Joined one by one: a scope passes on the panic of a thread that was not joined.
        running.into_iter().for_each(join);
        outcome
    })
}

fn accept_all(
    listener: &TcpListener,
    shutdown: &Shutdown,
    mut welcome: impl FnMut(TcpStream, SocketAddr) -> io::Result<()>,
) -> io::Result<()> {
    let mut is_short = false;
    loop {
        let accepted = listener.accept();
        if shutdown.is_requested() {
            return Ok(());
        }
        match accepted.and_then(|(stream, peer)| welcome(stream, peer)) {
            Ok(()) => is_short = false,
            Err(error) if concerns_one_client(&error) => (),
            Err(error) if is_shortage(&error) => {
                // A shortage may last for hours, so only its beginning is logged.
                if !is_short {
                    crate::log!("cannot take another client now: {}", reason(&error));
                }
                is_short = true;
                // A last resort: no event tells that there is enough again.
                thread::sleep(PAUSE);
            }
            Err(error) => return Err(error),
        }
    }
}

fn start<'scope>(
    scope: &'scope Scope<'scope, '_>,
    handle: &'scope (impl Fn(TcpStream, SocketAddr) + Sync),
    stream: TcpStream,
    peer: SocketAddr,
    place: Place<'scope>,
) -> io::Result<ScopedJoinHandle<'scope, ()>> {
    // Builder, for `scope.spawn` panics when the system has no thread left.
    thread::Builder::new().spawn_scoped(scope, move || {
        let _place = place; // given back when the thread ends, panic or not
        handle(stream, peer);
    })
}

fn join_finished<'scope>(
    running: Vec<ScopedJoinHandle<'scope, ()>>,
) -> Vec<ScopedJoinHandle<'scope, ()>> {
    let (finished, running) = running.into_iter().partition(ScopedJoinHandle::is_finished);
    let finished: Vec<_> = finished;
    finished.into_iter().for_each(join);
    running
}

fn join(thread: ScopedJoinHandle<'_, ()>) {
    // Err is a panic, which the panic hook has reported already. It concerns one client only.
    let _ = thread.join();
}

/// The client gave up while it waited in the queue, or a signal came. The listener still works.
/// Linux also passes on what the network said of the new connection (accept(2), "Error handling").
pub fn concerns_one_client(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    use ErrorKind::{HostUnreachable, NetworkDown, NetworkUnreachable};
    let of_the_client = [ConnectionAborted, ConnectionReset, Interrupted];
    let of_the_network = [HostUnreachable, NetworkDown, NetworkUnreachable];
    of_the_client.contains(&error.kind()) || of_the_network.contains(&error.kind())
}

/// Out of descriptors, threads or memory. The client stays in the queue (accept(2)), so accepting
/// again immediately would fail again and burn a CPU.
pub fn is_shortage(error: &io::Error) -> bool {
    // std has no kind for these. WouldBlock is EAGAIN, with which a new thread is refused.
    error.raw_os_error().is_some_and(|code| SHORTAGES.contains(&code))
        || matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::OutOfMemory)
}

/// No descriptor left for this process, or for this machine; no memory for buffers (accept(2)).
#[cfg(unix)]
const SHORTAGES: [i32; 3] = [libc::EMFILE, libc::ENFILE, libc::ENOBUFS];

/// WSAEMFILE and WSAENOBUFS (Windows Sockets error codes).
#[cfg(windows)]
const SHORTAGES: [i32; 2] = [10024, 10055];

/// The places for clients that are free.
struct Places {
    free: Mutex<usize>,
    given_back: Condvar,
}

/// One client's place; free again when dropped.
struct Place<'a>(&'a Places);

impl Places {
    fn new(count: usize) -> Places {
        Places { free: Mutex::new(count), given_back: Condvar::new() }
    }

    /// Waits until a place is free, and takes it, unless `is_over`.
    fn take_unless(&self, is_over: impl Fn() -> bool) -> Option<Place<'_>> {
        let mut free = self.lock();
        while !is_over() {
            if *free > 0 {
                *free -= 1;
                return Some(Place(self));
            }
            // No event announces the end of the server, so we check at intervals.
            let waited = self.given_back.wait_timeout(free, PAUSE);
            free = waited.expect("no panic under the lock").0;
        }
        None
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        self.free.lock().expect("no panic under the lock")
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.0.lock() += 1;
        self.0.given_back.notify_one();
    }
}
