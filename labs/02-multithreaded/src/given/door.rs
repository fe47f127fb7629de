//! Given: the door, where clients come in one after the other. The accept loop of lab 01, with a
//! limit.

use super::farewell::Farewells;
use crate::accounting::{Client, Clients};
use crate::limits::{self, Shortage};
use crate::shutdown;
use common::shutdown::Shutdown;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;

/// An iterator over the clients that come; it ends with Ctrl-C.
#[derive(Debug)]
pub struct Door {
    listener: TcpListener,
    shutdown: Shutdown,
    clients: Clients,
    farewells: Farewells,
    max_clients: usize,
    shortage: Shortage,
    /// Those who are being told that the server is full.
    turned_away: Vec<JoinHandle<()>>,
}

impl Door {
    /// Lets at most `max_clients` be among `clients`, until `shutdown` is requested.
    pub fn new(
        listener: TcpListener,
        shutdown: Shutdown,
        clients: Clients,
        farewells: Farewells,
        max_clients: usize,
    ) -> Door {
        let (shortage, turned_away) = (Shortage::default(), Vec::new());
        Door { listener, shutdown, clients, farewells, max_clients, shortage, turned_away }
    }

    fn admit(&mut self, stream: TcpStream, peer: SocketAddr) -> Option<Client> {
        match limits::admit(&self.clients, self.max_clients, stream, peer) {
            Ok(client) => Some(client),
            Err(stream) => {
                // Who has gone by now needs no handle: an hour of refusals must not fill memory.
                self.turned_away.retain(|thread| !thread.is_finished());
                self.turned_away.extend(limits::turn_away(stream, peer, &self.farewells));
                None
            }
        }
    }
}

impl Iterator for Door {
    type Item = Client;

    /// Waits for the next client that may come in. `None`: shutdown was requested, and those who
    /// are here have been woken.
    fn next(&mut self) -> Option<Client> {
        loop {
            let accepted = self.listener.accept();
            // Asked only now: the connection that woke us may be the one that Shutdown makes.
            if self.shutdown.is_requested() {
                shutdown::wake_all(&self.clients);
                return None;
            }
            match accepted {
                Ok((stream, peer)) => {
                    self.shortage = Shortage::default();
                    if let Some(client) = self.admit(stream, peer) {
                        return Some(client);
                    }
                }
                Err(error) => self.shortage.endure(&error),
            }
        }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        for thread in self.turned_away.drain(..) {
            // Its panic was reported when it happened.
            let _ = thread.join();
        }
    }
}
