//! Step accounting: who is here, and what they have said so far.
//!
//! ```text
//!   arrive ──▶ [ 7: connection, 8: connection, 9: connection ]   who is here
//!   drop   ──▶ [ 7: connection,                9: connection ]   8 is gone, whichever way it left
//! ```

use std::collections::HashMap;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

/// The clients that are here. Clones share one list.
#[derive(Clone, Debug, Default)]
pub struct Clients {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    present: Mutex<Present>,
    /// A number that many threads add to: behind the lock it would make them wait for each other.
    messages: AtomicU64,
}

#[derive(Debug, Default)]
struct Present {
    connections: HashMap<ClientId, Arc<Connection>>,
    last_id: u64,
}

/// Tells two visits apart: an address may come again before its last visit has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct ClientId(u64);

impl Present {
    fn next_id(&mut self) -> ClientId {
        self.last_id += 1;
        ClientId(self.last_id)
    }
}

impl Clients {
    /// Takes a client in: it is counted from now until the [`Client`] is dropped.
    ///
    /// # Contract
    ///
    /// * From now on [`Clients::count`] counts it and [`Clients::each`] meets it; no more when the
    ///   [`Client`] is dropped, in whichever way the conversation ended.
    pub fn arrive(&self, stream: TcpStream, peer: SocketAddr) -> Client {
        // Shared, not cloned: `try_clone` would take a second descriptor for each client, and the
        // connection would stay open until both are closed.
        let connection = Arc::new(Connection::new(stream));
        let mut present = self.present();
        let id = present.next_id();
        present.connections.insert(id, Arc::clone(&connection));
        Client { clients: self.clone(), id, connection, peer }
    }

    /// How many clients are here.
    pub fn count(&self) -> usize {
        self.present().connections.len()
    }

    /// Shows the connection of each client that is here to `act`, which must not wait for
    /// anything: nobody can come or leave meanwhile.
    pub fn each(&self, act: impl FnMut(&Connection)) {
        self.present().connections.values().map(Arc::as_ref).for_each(act);
    }

    /// Counts a message that is about to be accepted.
    ///
    /// # Contract
    ///
    /// * No message is lost, however many threads count at once.
    pub fn count_message(&self) {
        // One indivisible step. Loading, adding and storing are three, and of two threads that
        // do them at once both may store the same number. `Relaxed`: no other memory hangs on it.
        self.shared.messages.fetch_add(1, Ordering::Relaxed);
    }

    /// The answer to `stats`.
    ///
    /// # Contract
    ///
    /// * `clients N, messages M`: the clients that are here now, whoever asks among them, and the
    ///   messages that were accepted since the start, whoever sent them.
    pub fn stats(&self) -> String {
        let messages = self.shared.messages.load(Ordering::Relaxed);
        format!("clients {}, messages {messages}", self.count())
    }

    fn present(&self) -> MutexGuard<'_, Present> {
        self.shared.present.lock().expect("nobody panics while they hold the list")
    }
}

/// A client that is here. Dropping it ends its visit.
#[derive(Debug)]
pub struct Client {
    clients: Clients,
    id: ClientId,
    connection: Arc<Connection>,
    peer: SocketAddr,
}

impl Client {
    /// Its connection.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The stream of its connection.
    pub fn stream(&self) -> &TcpStream {
        &self.connection.stream
    }

    /// Its address.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Ends the visit, so that its place is free, and keeps the stream.
    pub fn leave(self) -> TcpStream {
        let connection = Arc::clone(&self.connection);
        drop(self);
        let last = Arc::into_inner(connection);
        last.expect("Client::drop takes it out of the list").stream
    }
}

impl Drop for Client {
    /// Runs on every way out: return, error, panic. What must always happen belongs here.
    fn drop(&mut self) {
        self.clients.present().connections.remove(&self.id);
    }
}

/// A connection, shared by the client that uses it and the list of all.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    is_replying: AtomicBool,
}

impl Connection {
    fn new(stream: TcpStream) -> Connection {
        Connection { stream, is_replying: AtomicBool::new(false) }
    }

    /// The stream.
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Whether something was read that has no answer yet. Step shutdown asks.
    pub fn is_replying(&self) -> bool {
        self.is_replying.load(Ordering::SeqCst)
    }

    /// Notes whether something was read that has no answer yet.
    pub fn set_replying(&self, is_replying: bool) {
        self.is_replying.store(is_replying, Ordering::SeqCst);
    }
}
