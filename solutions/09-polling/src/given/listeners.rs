//! The sockets that accept clients, and their rest while no descriptor is left.

use super::address::Address;
use super::client::Shared;
use super::poller::{Interest, Source, Token};
use crate::timers::Due;
use common::net::reason;
use socket2::Socket;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

/// A shortage may end without an event, because another program can hold the missing resource. So the
/// server tries again after this time, at the latest.
const REST: Duration = Duration::from_secs(1);

/// The listeners of the server.
#[derive(Debug, Default)]
pub struct Listeners {
    list: Vec<(Token, Listener)>,
    /// Whether they are not watched, because a shortage was met.
    is_resting: bool,
    /// Whether the newest attempt to accept met a shortage. Only its beginning is logged.
    is_short: bool,
}

/// A socket that listens. Its path, if it has one, is removed when this is dropped.
#[derive(Debug)]
pub struct Listener {
    /// Non-blocking.
    pub socket: Source,
    /// Where it listens, with the port that the kernel chose.
    pub address: Address,
    /// The file of its path.
    file: Option<FileId>,
}

/// The device and the inode number of a file.
type FileId = (u64, u64);

impl Listener {
    /// The listener of `socket`, which is bound to `address`.
    pub fn new(socket: Socket, address: Address) -> Listener {
        let file = file_at(&address);
        Listener { socket: Source::new(socket), address, file }
    }
}

/// The file at the path of `address`.
fn file_at(address: &Address) -> Option<FileId> {
    let Address::Unix(path) = address else { return None };
    let metadata = fs::symlink_metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

impl Listeners {
    /// Watches `listener`, too.
    ///
    /// # Errors
    ///
    /// Those of the poller.
    pub fn add(&mut self, listener: Listener, shared: &mut Shared) -> io::Result<()> {
        let token = shared.next_token();
        shared.poller.add(token, &listener.socket, Interest::READ)?;
        self.list.push((token, listener));
        Ok(())
    }

    /// The listener with the number `token`.
    pub fn find(&self, token: Token) -> Option<(&Source, &Address)> {
        let found = self.list.iter().find(|(number, _)| *number == token);
        found.map(|(_, listener)| (&listener.socket, &listener.address))
    }

    /// Does not watch the listeners any more until [`Listeners::wake`]. They stay readable, so the
    /// loop would never sleep.
    ///
    /// # Errors
    ///
    /// Those of the poller.
    pub fn rest(&mut self, error: &io::Error, shared: &mut Shared) -> io::Result<()> {
        if self.is_resting {
            return Ok(());
        }
        if !self.is_short {
            common::log!("cannot take another client now: {}", reason(error));
        }
        self.is_short = true;
        self.is_resting = true;
        shared.timers.insert(shared.now + REST, Due::AcceptAgain);
        self.watch(Interest::NONE, shared)
    }

    /// Notes that all clients that waited have been accepted.
    pub fn note_enough(&mut self) {
        self.is_short = false;
    }

    /// Watches them again, after a descriptor was closed.
    ///
    /// # Errors
    ///
    /// Those of the poller.
    pub fn wake(&mut self, shared: &mut Shared) -> io::Result<()> {
        if !self.is_resting {
            return Ok(());
        }
        self.is_resting = false;
        self.watch(Interest::READ, shared)
    }

    /// Ends them. Clients that wait in the queue are refused by the kernel.
    ///
    /// # Errors
    ///
    /// Those of the poller.
    pub fn close(&mut self, shared: &mut Shared) -> io::Result<()> {
        for (token, listener) in self.list.drain(..) {
            shared.poller.remove(token, &listener.socket)?;
        }
        Ok(())
    }

    fn watch(&self, interest: Interest, shared: &mut Shared) -> io::Result<()> {
        let modify = |(token, listener): &(Token, Listener)| {
            shared.poller.modify(*token, &listener.socket, interest)
        };
        self.list.iter().try_for_each(modify)
    }
}

/// A path that is removed with its listener. Another program may have removed it, or put a file of
/// its own there, which stays.
impl Drop for Listener {
    fn drop(&mut self) {
        if let Address::Unix(path) = &self.address
            && self.file.is_some()
            && file_at(&self.address) == self.file
        {
            // It may be removed by another program just now.
            let _ = fs::remove_file(path);
        }
    }
}
