//! The room: who is in it, behind one lock. Given, but look at it well: the steps fill it.
//!
//! ```text
//!   connect ─▶ enter ─▶ lobby ── join(name) ─▶ members ── leave ─▶ gone
//!                         └──────── leave ───────────────────────▶ gone
//!
//!   alice's thread ── say ─▶ ┌─ lock ──────────┐ ─▶ bob's queue ───▶ bob's writer ───▶ socket
//!                            │ lobby, members  │ ─▶ carol's queue ─▶ carol's writer ─▶ socket
//!                            └─────────────────┘
//! ```
//!
//! What is done under one lock is one event for all: who joins is in the list of those who come
//! after and is announced to those who came before, and no line falls between. And since every
//! line is put into all queues under the lock, all members get all lines in the same order.
//!
//! Whoever holds the lock holds up the whole room. So nothing is done under it that can take
//! long: no read, no write, no wait.

use crate::given::log::Log;
use crate::given::patience::{Pace, Socket, wait_for_room};
use crate::naming::Name;
use crate::slow::Outbox;
use crossbeam_channel::{Receiver, Sender};
use std::io;
use std::net::TcpStream;
use std::sync::{Arc, Mutex, MutexGuard};

/// A line as it goes over the wire, with its `\n`. A hundred queues hold it, but one copy of it.
pub type Line = Arc<str>;

/// One connection. Not its name: a name is free again as soon as its member has left the list,
/// and that may be before the threads of the old connection have noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id(u64);

/// Connected, but without a name yet: hears nothing of the room.
#[derive(Debug)]
pub struct Visitor {
    /// Its connection.
    pub id: Id,
    /// Where its lines go.
    pub outbox: Outbox,
}

/// Somebody in the room.
#[derive(Debug)]
pub struct Member {
    /// Its connection.
    pub id: Id,
    /// What the others call it.
    pub name: Name,
    /// Where its lines go.
    pub outbox: Outbox,
}

/// What the lock protects.
#[derive(Debug)]
pub struct People {
    /// Those without a name.
    pub lobby: Vec<Visitor>,
    /// Those with a name, in the order of joining.
    pub members: Vec<Member>,
    /// False once the server is closing: then nobody enters any more.
    pub is_open: bool,
    entered: u64,
}

impl People {
    /// The names of all members but `except`, in the order of joining: `A, B`, or `nobody else`.
    pub fn list(&self, except: Id) -> String {
        let others = self.members.iter().filter(|member| member.id != except);
        let names: Vec<&str> = others.map(|member| member.name.as_str()).collect();
        if names.is_empty() { "nobody else".to_owned() } else { names.join(", ") }
    }

    /// The member with this connection; `None` when it has left, or has no name yet.
    pub fn member(&self, id: Id) -> Option<&Member> {
        self.members.iter().find(|member| member.id == id)
    }

    /// The queue of a member that it is worth waiting for.
    fn behind(&mut self) -> Option<Sender<Line>> {
        let mut outboxes = self.members.iter_mut().map(|member| &mut member.outbox);
        let behind =
            outboxes.find_map(|outbox| outbox.pace.is_behind(&outbox.lines).then_some(outbox))?;
        Some(behind.lines.clone())
    }

    /// Where the lines for `id` go, with a name or without.
    pub fn outbox(&self, id: Id) -> Option<&Outbox> {
        let visitor = self.lobby.iter().find(|visitor| visitor.id == id);
        let outbox = visitor.map(|visitor| &visitor.outbox);
        outbox.or_else(|| self.member(id).map(|member| &member.outbox))
    }
}

/// A place in the lobby: what the threads of one connection need.
#[derive(Debug)]
pub struct Seat {
    /// The connection.
    pub id: Id,
    /// The other end of its outbox: its lines, which end when it has left.
    pub queue: Receiver<Line>,
    /// Where its writer writes them.
    pub socket: Socket,
}

/// The room.
#[derive(Debug)]
pub struct Room {
    people: Mutex<People>,
    queue_len: usize,
    /// What the room hears is written here, too.
    pub log: Log,
}

impl Room {
    /// An empty room, where at most `queue_len` lines wait for each member.
    pub fn new(queue_len: usize, log: Log) -> Room {
        let people = People { lobby: Vec::new(), members: Vec::new(), is_open: true, entered: 0 };
        Room { people: Mutex::new(people), queue_len, log }
    }

    /// Takes the lock: at a moment when there is room in all queues but those of members that do
    /// not read (`patience.rs`).
    pub fn lock(&self) -> MutexGuard<'_, People> {
        loop {
            let mut people = self.people.lock().expect("no panic under the lock");
            let Some(queue) = people.behind() else { return people };
            drop(people);
            wait_for_room(&queue);
        }
    }

    /// Takes a new connection into the lobby; `None` when the server is closing.
    ///
    /// # Errors
    ///
    /// Those of setting the socket's options.
    pub fn enter(&self, stream: &Arc<TcpStream>) -> io::Result<Option<Seat>> {
        let socket = Socket::new(Arc::clone(stream))?;
        let (outbox, queue) = Outbox::new(Arc::clone(stream), Pace::of(&socket), self.queue_len);
        let mut people = self.lock();
        if !people.is_open {
            return Ok(None);
        }
        let id = Id(people.entered);
        people.entered += 1;
        people.lobby.push(Visitor { id, outbox });
        Ok(Some(Seat { id, queue, socket }))
    }

    /// Sends `line` to `id` alone: a prompt, an answer. Who has left gets nothing.
    pub fn answer(&self, id: Id, line: &str) {
        let people = self.lock();
        if let Some(outbox) = people.outbox(id) {
            // Step slow: what if it is full?
            let _ = outbox.push(&line.into());
        }
    }
}
