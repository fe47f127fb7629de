//! Step accounting: which clients are connected, and how many messages were accepted.
//!
//! ```text
//!   register ──▶ { 7: connection, 8: connection, 9: connection }   the connected clients
//!   drop     ──▶ { 7: connection,                9: connection }   8 has left, for any reason
//! ```
//!
//! Three functions do nothing yet, so that the earlier steps can be tried: `register`,
//! `count_message` and `drop`. Write them together with `stats`.

use std::collections::HashMap;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

/// The connected clients. Clones share one registry.
#[derive(Clone, Debug, Default)]
pub struct Clients {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    connections: Mutex<HashMap<ClientId, Arc<Connection>>>,
    last_id: AtomicU64,
    /// Many threads add to it. With a lock they would wait for each other.
    messages: AtomicU64,
}

/// Distinguishes two connections. An address does not, because a client may connect again from the
/// same address before its last connection has been removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct ClientId(u64);

/// What the registry and the client's own thread share.
#[derive(Debug)]
struct Connection {
    /// Closed when the last `Arc` of this connection is dropped.
    stream: TcpStream,
    is_replying: AtomicBool,
}

impl Clients {
    /// Registers a client, which is connected until the [`Client`] is dropped.
    ///
    /// # Contract
    ///
    /// * From now on [`Clients::count`] counts it and [`Clients::for_each`] shows it. Both stop
    ///   when the [`Client`] is dropped, however the conversation ended.
    pub fn register(&self, stream: TcpStream, peer: SocketAddr) -> Client {
        let connection = Arc::new(Connection { stream, is_replying: AtomicBool::new(false) });
        let id = self.next_id();
        // Step accounting: the registry does not know the client yet.
        Client { clients: self.clone(), id, connection, peer }
    }

    /// How many clients are connected.
    pub fn count(&self) -> usize {
        self.connections().len()
    }

    /// Calls `act` with each client's stream, and with whether it is being answered
    /// ([`Client::set_replying`]). `act` must not wait, because no client can be registered or
    /// removed meanwhile.
    pub fn for_each(&self, mut act: impl FnMut(&TcpStream, bool)) {
        for connection in self.connections().values() {
            act(&connection.stream, connection.is_replying.load(Ordering::SeqCst));
        }
    }

    /// Counts a message that is about to be accepted.
    ///
    /// # Contract
    ///
    /// * No message is lost, however many threads count at the same time.
    pub fn count_message(&self) {
        // Step accounting: no message is counted yet.
    }

    /// The answer to `stats`.
    ///
    /// # Contract
    ///
    /// * `clients N, messages M`: the clients that are connected now, including the one that asks,
    ///   and the messages that were accepted since the start, from all clients. Both are exact.
    ///
    /// # Steps
    ///
    /// 1. In `register`, insert the connection into the registry. Share it (`Arc`), because a clone
    ///    of its stream would be a second descriptor, and keep the connection open.
    /// 2. In `Client::drop`, remove it again. Drop runs on every way out.
    /// 3. In `count_message`, add one in a single step that no other thread can interrupt.
    /// 4. Return both numbers as text.
    pub fn stats(&self) -> String {
        todo!("lab02, step accounting: stats")
    }

    fn next_id(&self) -> ClientId {
        ClientId(self.shared.last_id.fetch_add(1, Ordering::Relaxed))
    }

    fn connections(&self) -> MutexGuard<'_, HashMap<ClientId, Arc<Connection>>> {
        self.shared.connections.lock().expect("no thread panics while it holds this lock")
    }
}

/// A connected client. Dropping it removes it from [`Clients`] and closes its connection.
#[derive(Debug)]
pub struct Client {
    clients: Clients,
    id: ClientId,
    connection: Arc<Connection>,
    peer: SocketAddr,
}

impl Client {
    /// The stream of its connection.
    pub fn stream(&self) -> &TcpStream {
        &self.connection.stream
    }

    /// Its address.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Notes whether bytes were read that have no answer yet. Step shutdown needs it.
    pub fn set_replying(&self, is_replying: bool) {
        self.connection.is_replying.store(is_replying, Ordering::SeqCst);
    }

    /// Removes it from [`Clients`], so that its place is free, and returns its stream.
    pub fn leave(self) -> TcpStream {
        let connection = Arc::clone(&self.connection);
        drop(self);
        let last = Arc::into_inner(connection);
        last.expect("Client::drop removes the registry's Arc").stream
    }
}

impl Drop for Client {
    /// Runs on every way out (return, error, panic), so that the place is always freed.
    fn drop(&mut self) {
        // Step accounting: the registry keeps the client.
    }
}
