//! Given: the accept loop (lab 01) with a limit, as an iterator over the clients.
//!
//! ```text
//!   accept ──▶ limits::admit ──▶ a place is free: Client
//!                           └──▶ none is free: limits::turn_away, and accept again
//! ```

use super::closing::{Closing, MAX_CLOSING};
use crate::accounting::{Client, Clients};
use crate::limits::{self, Shortage};
use crate::shutdown;
use common::shutdown::Shutdown;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;

/// Accepts clients until shutdown is requested.
#[derive(Debug)]
pub struct Acceptor<'a> {
    listener: TcpListener,
    shutdown: &'a Shutdown,
    clients: &'a Clients,
    closing: &'a Closing,
    max_clients: usize,
    shortage: Shortage,
    /// Each thread closes the connection of a client that was turned away. At most [`MAX_CLOSING`]
    /// run at once, and all are joined when the acceptor is dropped.
    refusals: Vec<JoinHandle<()>>,
}

impl<'a> Acceptor<'a> {
    /// Admits at most `max_clients` to `clients` at once, until `shutdown` is requested.
    pub fn new(
        listener: TcpListener,
        shutdown: &'a Shutdown,
        clients: &'a Clients,
        closing: &'a Closing,
        max_clients: usize,
    ) -> Acceptor<'a> {
        Acceptor {
            listener,
            shutdown,
            clients,
            closing,
            max_clients,
            shortage: Shortage::default(),
            refusals: Vec::new(),
        }
    }

    fn admit(&mut self, stream: TcpStream, peer: SocketAddr) -> Option<Client> {
        match limits::admit(self.clients, self.max_clients, stream, peer) {
            Ok(client) => Some(client),
            Err(stream) => {
                self.turn_away(stream, peer);
                None
            }
        }
    }

    fn turn_away(&mut self, stream: TcpStream, peer: SocketAddr) {
        // A finished thread needs no handle, and an hour of refusals must not fill the memory.
        self.refusals.retain(|thread| !thread.is_finished());
        if self.refusals.len() < MAX_CLOSING {
            self.refusals.extend(limits::turn_away(stream, peer, self.closing));
        } else {
            self.closing.send(&stream, limits::SERVER_FULL);
        }
    }
}

impl Iterator for Acceptor<'_> {
    type Item = Client;

    /// Waits for the next client that is admitted. `None`: shutdown was requested, and the threads
    /// of the connected clients have been woken.
    fn next(&mut self) -> Option<Client> {
        loop {
            let accepted = self.listener.accept();
            // Checked after accept, because Shutdown wakes accept with a connection of its own.
            if self.shutdown.is_requested() {
                shutdown::wake_all(self.clients);
                return None;
            }
            match accepted {
                Ok((stream, peer)) => {
                    self.shortage = Shortage::default();
                    if let Some(client) = self.admit(stream, peer) {
                        return Some(client);
                    }
                }
                Err(error) => self.shortage.on_accept_error(&error),
            }
        }
    }
}

impl Drop for Acceptor<'_> {
    fn drop(&mut self) {
        for thread in self.refusals.drain(..) {
            // The panic hook has reported a panic already.
            let _ = thread.join();
        }
    }
}
