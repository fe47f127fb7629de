//! Gives each event to the step that handles it.
//!
//! ```text
//!   event ─▶ the waker?    ─▶ stop
//!         ─▶ a listener?   ─▶ accept_all ─▶ admit
//!         ─▶ a fetch?      ─▶ Dial::proceed ─▶ its client is owed the answer
//!         ─▶ a client?     ─▶ answer_requests ─▶ flush ─▶ finish ─▶ interest, deadline
//! ```

use super::address::Address;
use super::client::{Client, Fetch, Next, Shared, Stage};
use super::command_line::SocketOptions;
use super::lines::Cut;
use super::listeners::Listeners;
use super::poller::{Event, Interest, Source, Token};
use super::requests::TOO_LONG;
use crate::accepting::{Queue, accept_all};
use crate::timers::{Due, Key};
use crate::{answering, connecting, deadlines, endings, fairness, interest, options};
use socket2::Socket;
use std::collections::{BTreeSet, HashMap};
use std::io;

/// The server: its listeners, its clients, and what all clients share.
pub struct Server {
    /// The sockets that accept.
    pub listeners: Listeners,
    /// The clients by their numbers.
    pub clients: HashMap<Token, Client>,
    /// The clients that are served in the next turn without an event: they have requests left after
    /// their share, or an answer has become ready for them.
    pub again: BTreeSet<Token>,
    /// What all clients share.
    pub shared: Shared,
    /// For each client that is accepted.
    pub options: SocketOptions,
    /// What Ctrl-C makes readable, until then.
    waker: Option<(Token, Source)>,
}

impl Server {
    /// A server without clients and listeners.
    pub fn new(shared: Shared, options: SocketOptions) -> Server {
        Server {
            listeners: Listeners::default(),
            clients: HashMap::new(),
            again: BTreeSet::new(),
            shared,
            options,
            waker: None,
        }
    }

    /// Stops when `waker` is readable.
    ///
    /// # Errors
    ///
    /// Those of the poller.
    pub fn stop_at(&mut self, waker: &Source) -> io::Result<()> {
        let token = self.shared.next_token();
        self.waker = Some((token, Source::clone(waker)));
        self.shared.poller.add(token, waker, Interest::READ)
    }

    /// Whether Ctrl-C has come and no client is left.
    pub fn is_over(&self) -> bool {
        self.shared.is_stopping && self.clients.is_empty()
    }

    /// Accepts no more clients. Those that are here get what they have asked for so far.
    fn stop(&mut self) -> io::Result<()> {
        self.shared.is_stopping = true;
        self.listeners.close(&mut self.shared)?;
        self.again.extend(self.clients.keys());
        Ok(())
    }

    /// Handles one event of the poller.
    ///
    /// # Errors
    ///
    /// Those of the poller, and of a listener.
    pub fn handle_event(&mut self, event: &Event) -> io::Result<()> {
        let token = event.token;
        if let Some((_, waker)) = self.waker.take_if(|(number, _)| *number == token) {
            // The byte stays unread, so the loop would be woken again and again.
            self.shared.poller.remove(token, &waker)?;
            return self.stop();
        }
        if self.listeners.find(token).is_some() {
            return self.accept(token);
        }
        if self.shared.fetches.contains_key(&token) {
            self.proceed(token);
            return Ok(());
        }
        // The client of a late event may have left in this turn.
        if endings::is_end(event) {
            self.drop_client(token);
        } else {
            self.serve(token);
        }
        Ok(())
    }

    /// Handles a timer that is due.
    ///
    /// # Errors
    ///
    /// Those of the poller.
    pub fn handle_due(&mut self, key: Key, due: Due) -> io::Result<()> {
        match due {
            Due::Answer { client, text } => self.answer_later(client, key, &text),
            Due::Look(client) => self.look_at(client, key),
            Due::FetchOver(token) => self.end_fetch(token, b"ERROR timed out"),
            Due::AcceptAgain => self.listeners.wake(&mut self.shared)?,
        }
        Ok(())
    }

    /// Owes a client the answer of its timer `key`. The client is served in the next turn, however
    /// many of its timers are due in this one. So none of them is due after our FIN.
    fn answer_later(&mut self, token: Token, key: Key, text: &[u8]) {
        let Some(client) = self.clients.get_mut(&token) else { return };
        client.timers.retain(|timer| *timer != key);
        client.owe(text, self.shared.now);
        self.shared.answered += 1;
        self.again.insert(token);
    }

    fn accept(&mut self, token: Token) -> io::Result<()> {
        let Some((listener, address)) = self.listeners.find(token) else { return Ok(()) };
        let (listener, is_tcp) = (Source::clone(listener), matches!(address, Address::Tcp(_)));
        match accept_all(&listener, |socket| self.welcome(socket, is_tcp))? {
            Queue::Empty => {
                self.listeners.note_enough();
                Ok(())
            }
            Queue::Short(error) => self.listeners.rest(&error, &mut self.shared),
        }
    }

    fn welcome(&mut self, socket: Socket, is_tcp: bool) {
        let token = self.shared.next_token();
        let prepared = socket.set_nonblocking(true).and_then(|()| match is_tcp {
            true => options::apply(&self.options, &socket),
            false => Ok(()),
        });
        let mut client = Client::new(Source::new(socket), self.shared.now);
        let added =
            prepared.and_then(|()| self.shared.poller.add(token, &client.socket, Interest::READ));
        // A client that has left already is no client.
        if added.is_err() {
            return;
        }
        let is_admitted = fairness::admit(&mut client, self.shared.connected, &self.shared.limits);
        self.clients.insert(token, client);
        if is_admitted {
            self.shared.connected += 1;
            self.schedule_look(token);
        } else {
            self.serve(token);
        }
    }

    /// Gives a client its turn.
    pub fn serve(&mut self, token: Token) {
        let Some(client) = self.clients.get_mut(&token) else { return };
        let was_counted = client.is_counted();
        let next = client_turn(client, token, &mut self.shared);
        if !matches!(next, Ok(Next::Wait)) {
            return self.drop_client(token);
        }
        note_end(client, was_counted, &mut self.shared);
        let wanted = interest::interest(client, &self.shared.limits);
        if wanted != client.interest {
            client.interest = wanted;
            if self.shared.poller.modify(token, &client.socket, wanted).is_err() {
                return self.drop_client(token);
            }
        }
        if fairness::needs_turn(client, &self.shared.limits) || must_stop(client, &self.shared) {
            self.again.insert(token);
        }
        self.schedule_look(token);
    }

    /// Sees to it that the client is looked at by its deadline.
    fn schedule_look(&mut self, token: Token) {
        let Some(client) = self.clients.get_mut(&token) else { return };
        let deadline = deadlines::deadline(client, &self.shared.limits);
        let Some(deadline) = deadline else { return };
        if client.look_at.is_none_or(|(time, _)| deadline < time) {
            client.cancel_look(&mut self.shared);
            client.look_at = Some(self.shared.timers.insert(deadline, Due::Look(token)));
        }
    }

    fn look_at(&mut self, token: Token, key: Key) {
        let Some(client) = self.clients.get_mut(&token) else { return };
        if client.look_at.take_if(|look_at| *look_at == key).is_none() {
            return;
        }
        let was_counted = client.is_counted();
        let next = deadlines::end_if_slow(client, &self.shared.limits, self.shared.now);
        note_end(client, was_counted, &mut self.shared);
        match next {
            Ok(Next::Wait) if client.stage == Stage::Closing => {
                self.again.insert(token);
            }
            Ok(Next::Wait) => self.schedule_look(token),
            Ok(Next::Close) | Err(_) => self.drop_client(token),
        }
    }

    /// Drops a client, with its timers and fetches.
    fn drop_client(&mut self, token: Token) {
        let Some(mut client) = self.clients.remove(&token) else { return };
        if client.is_counted() {
            self.shared.connected -= 1;
        }
        client.cancel_look(&mut self.shared);
        client.cancel_promises(&mut self.shared);
        self.forget(token, &client.socket);
    }

    fn proceed(&mut self, token: Token) {
        let Some(fetch) = self.shared.fetches.get_mut(&token) else { return };
        let proceeded = fetch.dial.proceed(&mut self.shared.buffer);
        match (fetch.dial.lines.next_line(), proceeded) {
            (Some(Cut::Line(line)), _) => self.end_fetch(token, &line),
            (Some(Cut::TooLong), _) => self.end_fetch(token, TOO_LONG),
            (None, Ok(true)) => {
                let (socket, wanted) = (Source::clone(&fetch.dial.socket), fetch.dial.interest());
                if let Err(error) = self.shared.poller.modify(token, &socket, wanted) {
                    self.end_fetch(token, connecting::words(&error).as_bytes());
                }
            }
            (None, Ok(false)) => self.end_fetch(token, b"ERROR closed"),
            (None, Err(error)) => self.end_fetch(token, connecting::words(&error).as_bytes()),
        }
    }

    /// Ends a fetch, and owes its client the answer. The client is served in the next turn.
    fn end_fetch(&mut self, token: Token, answer: &[u8]) {
        let Some(Fetch { client, dial, end }) = self.shared.fetches.remove(&token) else { return };
        self.shared.timers.cancel(end);
        self.shared.answered += 1;
        self.forget(token, &dial.socket);
        if let Some(asking) = self.clients.get_mut(&client) {
            asking.fetches.retain(|fetch| *fetch != token);
            asking.owe(answer, self.shared.now);
            self.again.insert(client);
        }
    }

    /// Gives up a source. Its descriptor will be free, so the listeners may accept again.
    fn forget(&mut self, token: Token, source: &Source) {
        let removed = self.shared.poller.remove(token, source);
        let woken = self.listeners.wake(&mut self.shared);
        if let Err(error) = removed.and(woken) {
            common::log!("cannot give up a socket: {error}");
        }
    }
}

/// Takes a client that `stats` does not count any more out of the number, and cancels its promises.
fn note_end(client: &mut Client, was_counted: bool, shared: &mut Shared) {
    if was_counted && !client.is_counted() {
        shared.connected -= 1;
        client.cancel_promises(shared);
    }
}

/// Whether a client has to be read once more because Ctrl-C has come. No event tells that nothing
/// is left to read.
fn must_stop(client: &Client, shared: &Shared) -> bool {
    let has_room = fairness::has_room(client.output.owed(), &shared.limits);
    shared.is_stopping && client.stage == Stage::Open && has_room
}

/// One turn of a client, in which it reads, answers, writes, and begins the goodbye if it is time.
fn client_turn(client: &mut Client, token: Token, shared: &mut Shared) -> io::Result<Next> {
    match client.stage {
        Stage::Goodbye { .. } => return endings::discard(client, &mut shared.buffer),
        Stage::Open => answering::answer_requests(client, token, shared)?,
        Stage::Finishing | Stage::Closing => (),
    }
    if client.output.flush(&client.socket)? > 0 {
        client.taken = shared.now;
    }
    endings::finish(client, shared.now)
}
