//! The room: the state that all connections share, behind one lock.
//!
//! Given, except `remove_member` (step leaving) and `disconnect_slow` (step slow). Read it first.
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
//! A thread's work under one lock is one event for every member. A newcomer is in
//! the list of each member that joins later, each earlier member gets its announcement, and no
//! line falls between. A thread puts a line into all queues under one lock, so all members get all
//! lines in the same order.
//!
//! A thread that holds the lock holds up all other threads. It must not read, write or wait then.

use crate::given::backpressure::{QueueMonitor, Socket, wait_for_room};
use crate::given::fair_mutex::{FairMutex, FairMutexGuard};
use crate::given::log::Log;
use crate::name::Name;
use crate::slow::{Outbox, QueuedLine};
use crossbeam_channel::{Receiver, Sender};
use std::collections::VecDeque;
use std::io;
use std::mem;
use std::net::TcpStream;
use std::sync::Arc;

/// The room. All threads share one, by reference.
#[derive(Debug)]
pub struct Room {
    /// The lock. No thread takes a second lock while it holds this one.
    state: FairMutex<RoomState>,
    /// Most lines that wait for one connection. It never changes.
    queue_len: usize,
}

/// What the lock protects.
#[derive(Debug, Default)]
pub struct RoomState {
    /// Connections without a name. Each is here from [`Room::enter`] until it joins or leaves.
    lobby: Vec<Visitor>,
    /// Members, in the order of joining. Each is here from joining until it leaves.
    members: Vec<Member>,
    /// The work list of `disconnect_slow`: connections whose queue was full. A thread fills and
    /// empties it under one lock, so it is empty whenever the lock is free.
    slow: VecDeque<Id>,
    /// True until the server closes the room. Then no connection enters.
    is_open: bool,
    /// The next connection's number. It only grows.
    next_id: u64,
    /// Written under the lock, so that its lines have the order of the room. Its drop, together
    /// with the room, writes the rest of it.
    log: Log,
}

/// One connection. The name would not do, because it is free again as soon as its member has left
/// the list, and that may be before the threads of the old connection have noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id(u64);

/// A connection without a name. It gets no line of the room.
#[derive(Debug)]
pub struct Visitor {
    /// The connection.
    pub id: Id,
    /// Its queue, as in [`Member`].
    pub outbox: Outbox,
}

/// A connection with a name.
#[derive(Debug)]
pub struct Member {
    /// The connection.
    pub id: Id,
    /// Its name, which no other member has.
    pub name: Name,
    /// Its queue. The drop of the outbox ends the queue, and so the writer.
    pub outbox: Outbox,
}

/// What the threads of one connection need.
#[derive(Debug)]
pub struct ConnectionHandle {
    /// The connection.
    pub id: Id,
    /// The lines that its writer sends. They end when the connection has left the room.
    pub queue: Receiver<QueuedLine>,
    /// The socket to which its writer sends them.
    pub socket: Socket,
}

impl Room {
    /// An empty room, where at most `queue_len` lines wait for each connection.
    pub fn new(queue_len: usize, log: Log) -> Room {
        let state = RoomState { is_open: true, log, ..RoomState::default() };
        Room { state: FairMutex::new(state), queue_len }
    }

    /// Locks the state.
    #[track_caller]
    pub fn lock(&self) -> FairMutexGuard<'_, RoomState> {
        self.state.lock()
    }

    /// Waits until each queue has room, and locks the state at such a moment.
    ///
    /// Call it where a client's line, its coming or its going puts lines into queues. It waits
    /// without the lock, and not for members that do not read (`given/backpressure.rs`).
    #[track_caller]
    pub fn lock_when_queues_have_room(&self) -> FairMutexGuard<'_, RoomState> {
        loop {
            let mut state = self.lock();
            let Some(queue) = state.queue_behind() else { return state };
            drop(state);
            wait_for_room(&queue);
        }
    }

    /// Takes a new connection into the lobby; `None` when the server is closing.
    ///
    /// # Errors
    ///
    /// Those of setting the socket's options.
    pub fn enter(&self, stream: &Arc<TcpStream>) -> io::Result<Option<ConnectionHandle>> {
        let socket = Socket::new(Arc::clone(stream))?;
        let monitor = QueueMonitor::new(&socket);
        let (outbox, queue) = Outbox::new(Arc::clone(stream), monitor, self.queue_len);
        Ok(self.lock().add_visitor(outbox).map(|id| ConnectionHandle { id, queue, socket }))
    }

    /// Sends `line` to `id` alone, unchanged: a prompt, or an answer and its `\n`. A connection
    /// that has left gets nothing.
    #[track_caller]
    pub fn answer(&self, id: Id, line: &str) {
        self.lock_when_queues_have_room().send_to(id, line);
    }
}

impl RoomState {
    /// Whether connections may enter: until the server closes the room.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// The names of all members except `id`, in the order of joining: `A, B`, or `nobody else`.
    pub fn list_except(&self, id: Id) -> String {
        let others = self.members.iter().filter(|member| member.id != id);
        let names: Vec<&str> = others.map(|member| member.name.as_str()).collect();
        if names.is_empty() { "nobody else".to_owned() } else { names.join(", ") }
    }

    /// The member with this connection; `None` when it has left, or has no name yet.
    pub fn member(&self, id: Id) -> Option<&Member> {
        self.members.iter().find(|member| member.id == id)
    }

    /// The member with this name, in upper or lower case.
    pub fn member_called(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name.is(name))
    }

    /// Adds a connection to the lobby; `None` when the room is closed.
    fn add_visitor(&mut self, outbox: Outbox) -> Option<Id> {
        if !self.is_open {
            return None;
        }
        let id = Id(self.next_id);
        self.next_id += 1;
        self.lobby.push(Visitor { id, outbox });
        Some(id)
    }

    /// Takes `id` out of the lobby; `None` when it is not there.
    pub fn remove_visitor(&mut self, id: Id) -> Option<Visitor> {
        let place = self.lobby.iter().position(|visitor| visitor.id == id)?;
        Some(self.lobby.remove(place))
    }

    /// Adds a member at the end of the list. Announces nothing.
    pub fn add_member(&mut self, member: Member) {
        self.members.push(member);
    }

    /// Takes `id` out of the room, and announces it if it was a member; `None` when it is not here.
    pub fn remove(&mut self, id: Id) -> Option<Outbox> {
        let outbox = self.take_outbox(id);
        self.disconnect_slow();
        outbox
    }

    /// Takes `id` out of the lobby or off the list of members.
    fn take_outbox(&mut self, id: Id) -> Option<Outbox> {
        match self.remove_visitor(id) {
            Some(visitor) => Some(visitor.outbox),
            None => self.remove_member(id),
        }
    }

    /// Takes `id` off the list of members. This is the one place where members leave.
    ///
    /// # Contract
    ///
    /// * All members that stay get `NAME left the chat`, and so does the log (`push_to_members`).
    ///   It disconnects no member, because `disconnect_slow` calls this function (a reviewer checks
    ///   this).
    /// * The others keep their order.
    /// * Returns the outbox of the member that left; `None`, and no announcement, when `id` is not
    ///   in the list.
    fn remove_member(&mut self, id: Id) -> Option<Outbox> {
        let place = self.members.iter().position(|member| member.id == id)?;
        let member = self.members.remove(place);
        self.push_to_members(&format!("{} left the chat\n", member.name), None);
        Some(member.outbox)
    }

    /// Disconnects each connection in `slow`, the list of those whose queue was full.
    ///
    /// # Contract
    ///
    /// * Each leaves the room (`take_outbox`), and its connection is [`cut`](Outbox::cut).
    /// * Its announcement may find further queues full. Those members are disconnected, too.
    /// * When it returns, `slow` is empty (a reviewer checks this).
    fn disconnect_slow(&mut self) {
        // It ends, because no connection leaves twice.
        while let Some(id) = self.slow.pop_front() {
            if let Some(outbox) = self.take_outbox(id) {
                // Its writer sleeps in a write, its reader in a read. This wakes both.
                outbox.cut();
            }
        }
    }

    /// Closes the room: from now on no connection enters.
    pub fn close(&mut self) {
        self.is_open = false;
    }

    /// Empties the lobby.
    pub fn take_visitors(&mut self) -> Vec<Visitor> {
        mem::take(&mut self.lobby)
    }

    /// Empties the list of members. Announces nothing.
    pub fn take_members(&mut self) -> Vec<Member> {
        mem::take(&mut self.members)
    }

    /// Sends `line`, which ends in `\n`, to all members except `except`, and to the log.
    /// Disconnects the members whose queue is full.
    pub fn send_to_members(&mut self, line: &str, except: Option<Id>) {
        self.push_to_members(line, except);
        self.disconnect_slow();
    }

    /// Sends `line` to `id` alone, unchanged, and not to the log. Disconnects it if its queue is
    /// full.
    pub fn send_to(&mut self, id: Id, line: &str) {
        let Some(outbox) = self.outbox(id) else { return };
        if outbox.push(&line.into()).is_err() {
            self.slow.push_back(id);
        }
        self.disconnect_slow();
    }

    /// Writes `line` to the log alone.
    pub fn write_log(&self, line: &str) {
        self.log.line(line);
    }

    /// Puts `line` into the queues of all members except `except`, and into the log. Adds the
    /// members whose queue is full to `slow`, because no member may leave during the loop.
    fn push_to_members(&mut self, line: &str, except: Option<Id>) {
        self.log.line(line);
        let line = QueuedLine::from(line);
        for member in &self.members {
            if Some(member.id) != except && member.outbox.push(&line).is_err() {
                self.slow.push_back(member.id);
            }
        }
    }

    /// The outbox of `id`, with a name or without.
    fn outbox(&self, id: Id) -> Option<&Outbox> {
        let visitor = self.lobby.iter().find(|visitor| visitor.id == id);
        let outbox = visitor.map(|visitor| &visitor.outbox);
        outbox.or_else(|| self.member(id).map(|member| &member.outbox))
    }

    /// A queue that is full although its client reads.
    fn queue_behind(&mut self) -> Option<Sender<QueuedLine>> {
        let lobby = self.lobby.iter_mut().map(|visitor| &mut visitor.outbox);
        let members = self.members.iter_mut().map(|member| &mut member.outbox);
        lobby.chain(members).find_map(|outbox| outbox.is_behind().then(|| outbox.lines.clone()))
    }
}
