//! What the server knows of a client, and what all clients share.

use super::command_line::Limits;
use super::lines::Lines;
use super::poller::{Interest, Poller, Source, Token};
use crate::connecting::Dial;
use crate::output::Output;
use crate::timers::{Key, Timers};
use std::collections::HashMap;
use std::time::Instant;

/// Most bytes of one read. All clients share one buffer of this size.
pub const READ_LEN: usize = 4096;

/// Most timers of a client, and most connections made for it, at the same time.
pub const MAX_PROMISES: usize = 16;

/// One client.
#[derive(Debug)]
pub struct Client {
    /// Shared with the poller, if that is the list of poll(2).
    pub socket: Source,
    /// Its bytes that are not answered yet.
    pub lines: Lines,
    /// Its answers that the kernel has not taken yet.
    pub output: Output,
    /// How far its conversation is.
    pub stage: Stage,
    /// Whether its FIN has come.
    pub has_ended: bool,
    /// Its timers (`after`).
    pub timers: Vec<Key>,
    /// The connections that are being made for it (`fetch`).
    pub fetches: Vec<Token>,
    /// When it last sent something.
    pub heard: Instant,
    /// When the kernel last took something for it, or it was owed something for the first time.
    pub taken: Instant,
    /// What the poller watches it for.
    pub interest: Interest,
    /// Its [`Due::Look`](crate::timers::Due::Look) in the timers, if there is one.
    pub look_at: Option<Key>,
}

/// How far a conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its requests are read.
    Open,
    /// No further request is read. It receives everything that it is owed.
    Finishing,
    /// No further request is read. It receives the rest of its output, and no more.
    Closing,
    /// We have sent FIN. Since then, we discard what it sends, until its FIN.
    Goodbye {
        /// When our FIN was sent.
        since: Instant,
        /// How many bytes were discarded.
        discarded: usize,
    },
}

/// What the server does with a client after a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It waits for an event.
    Wait,
    /// It drops the client, and so closes its socket.
    Close,
}

impl Client {
    /// A client that was accepted.
    pub fn new(socket: Source, now: Instant) -> Client {
        Client {
            socket,
            lines: Lines::default(),
            output: Output::default(),
            stage: Stage::Open,
            has_ended: false,
            timers: Vec::new(),
            fetches: Vec::new(),
            heard: now,
            taken: now,
            interest: Interest::READ,
            look_at: None,
        }
    }

    /// Whether an answer will come later.
    pub fn has_promises(&self) -> bool {
        !self.timers.is_empty() || !self.fetches.is_empty()
    }

    /// Whether it is one of `stats`' clients.
    pub fn is_counted(&self) -> bool {
        matches!(self.stage, Stage::Open | Stage::Finishing)
    }

    /// Cancels the look at it.
    pub fn cancel_look(&mut self, shared: &mut Shared) {
        if let Some(key) = self.look_at.take() {
            shared.timers.cancel(key);
        }
    }

    /// Cancels its timers and connections, which will not get their answers.
    pub fn cancel_promises(&mut self, shared: &mut Shared) {
        for key in self.timers.drain(..) {
            shared.timers.cancel(key);
        }
        for token in self.fetches.drain(..) {
            if let Some(fetch) = shared.fetches.remove(&token) {
                shared.timers.cancel(fetch.end);
                // The socket was watched until now, so it can be given up.
                let _ = shared.poller.remove(token, &fetch.dial.socket);
            }
        }
    }

    /// Owes it a line.
    pub fn owe(&mut self, line: &[u8], now: Instant) {
        if self.output.is_empty() {
            self.taken = now;
        }
        self.output.push_line(line);
    }
}

/// What all clients share.
pub struct Shared {
    /// Waits for events.
    pub poller: Box<dyn Poller>,
    /// What happens at a time.
    pub timers: Timers,
    /// The connections that are being made, each for one client.
    pub fetches: HashMap<Token, Fetch>,
    /// What one client may cost.
    pub limits: Limits,
    /// How many clients there are, without those that got our FIN.
    pub connected: usize,
    /// How many requests were answered.
    pub answered: u64,
    /// When this turn of the loop began.
    pub now: Instant,
    /// Whether Ctrl-C has come.
    pub is_stopping: bool,
    /// For each read.
    pub buffer: Vec<u8>,
    next: u64,
}

/// A connection for the `fetch` of one client.
#[derive(Debug)]
pub struct Fetch {
    /// Which client asked.
    pub client: Token,
    /// The connection.
    pub dial: Dial,
    /// Its end, in the timers.
    pub end: Key,
}

impl Shared {
    /// For a server without clients.
    pub fn new(poller: Box<dyn Poller>, limits: Limits) -> Shared {
        Shared {
            poller,
            timers: Timers::default(),
            fetches: HashMap::new(),
            limits,
            connected: 0,
            answered: 0,
            now: Instant::now(),
            is_stopping: false,
            buffer: vec![0; READ_LEN],
            next: 0,
        }
    }

    /// A number that no source had before.
    pub fn next_token(&mut self) -> Token {
        self.next += 1;
        Token(self.next)
    }
}
