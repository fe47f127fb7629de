//! The interface by which an event loop waits. poll(2) and epoll(7) both have it.

use socket2::Socket;
use std::io;
use std::rc::Rc;
use std::time::Duration;

/// A socket of any kind: TCP or Unix, a listener, a client, a connection that is being made.
///
/// Two own it while it is watched: the list of poll(2), and the part of the server that uses it. The
/// last one that drops it closes the descriptor.
pub type Source = Rc<Socket>;

/// The number of a source. No number is used twice, so a late event or timer cannot reach a newer
/// client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u64);

/// The events that a source waits for. An error or the end of both directions is always an event,
/// also with [`Interest::NONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interest {
    /// There is something to read: bytes, FIN, or a client that waits to be accepted.
    pub read: bool,
    /// The kernel takes bytes, or a connection has been made.
    pub write: bool,
}

impl Interest {
    /// Nothing but the end.
    pub const NONE: Interest = Interest { read: false, write: false };
    /// Something to read.
    pub const READ: Interest = Interest { read: true, write: false };
    /// Room to write.
    pub const WRITE: Interest = Interest { read: false, write: true };
}

/// What happened at a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Which source it is.
    pub token: Token,
    /// A read returns immediately.
    pub readable: bool,
    /// A write takes at least a byte, or the connection has been made.
    pub writable: bool,
    /// The connection was reset, or both directions have ended (POLLERR, POLLHUP). The kernel
    /// reports it whether it is of interest or not, and again at each wait.
    pub is_over: bool,
}

/// Waits for events of many sources.
pub trait Poller {
    /// Begins to watch `source`.
    ///
    /// # Errors
    ///
    /// Those of epoll_ctl(2).
    fn add(&mut self, token: Token, source: &Source, interest: Interest) -> io::Result<()>;

    /// Watches `source` for something else from now on.
    ///
    /// # Errors
    ///
    /// Those of epoll_ctl(2).
    fn modify(&mut self, token: Token, source: &Source, interest: Interest) -> io::Result<()>;

    /// Ends watching `source`, and gives it up.
    ///
    /// # Errors
    ///
    /// Those of epoll_ctl(2).
    fn remove(&mut self, token: Token, source: &Source) -> io::Result<()>;

    /// Sleeps until an event or a signal comes, or `timeout` is over. `None` is no limit. Then
    /// replaces the content of `events` by the new events.
    ///
    /// # Errors
    ///
    /// Those of poll(2) or epoll_wait(2), except for a signal.
    fn wait(&mut self, timeout: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()>;
}
