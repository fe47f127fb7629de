//! A relay between a client and a server under test, on which a script of faults happens.
//!
//! ```text
//!   client ──▶ relay ──▶ server       requests and answers are counted together, from 0,
//!          ◀──       ◀──              in the order in which they reach the relay
//! ```
//!
//! The server sees the relay's address. One client at a time: answers go to the last who asked.

use super::datagram_ports;
use super::faults::{Fault, Wire, written};
use super::ladder::Way;
use super::process::Server;
use super::session::Session;
use super::text::show;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

/// Room for every datagram that there can be.
const BUFFER_LEN: usize = 1 << 16;

/// Runs until it is dropped.
#[derive(Debug)]
pub struct Relay {
    line: Arc<Line>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
struct Line {
    session: Arc<Session>,
    shown_as: fn(&[u8]) -> String,
    server: SocketAddr,
    /// Where clients ask.
    front: UdpSocket,
    /// From where the server is asked.
    back: UdpSocket,
    state: Mutex<State>,
    closing: AtomicBool,
}

#[derive(Debug)]
struct State {
    wire: Wire<Packet>,
    client: Option<SocketAddr>,
}

#[derive(Clone, Debug)]
struct Packet {
    to: Side,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Server,
    Client,
}

impl Server {
    /// A relay in front of this server, on which `script` happens.
    pub fn relay(&self, script: impl IntoIterator<Item = Fault>) -> Relay {
        self.relay_showing(script, show)
    }

    /// The same; datagrams are shown in the ladder as `shown_as` says.
    pub fn relay_showing(
        &self,
        script: impl IntoIterator<Item = Fault>,
        shown_as: fn(&[u8]) -> String,
    ) -> Relay {
        let script: Vec<Fault> = script.into_iter().collect();
        self.session().note("", Way::Aside, format!("the line: {}", written(&script)));
        let state = Mutex::new(State { wire: Wire::new(&script), client: None });
        let line = Arc::new(Line {
            session: Arc::clone(self.session()),
            shown_as,
            server: self.address(),
            front: datagram_ports::open(),
            back: datagram_ports::open(),
            state,
            closing: AtomicBool::new(false),
        });
        let threads = [Side::Server, Side::Client].map(|to| {
            let line = Arc::clone(&line);
            thread::spawn(move || line.carry(to))
        });
        Relay { line, threads: threads.into() }
    }
}

impl Relay {
    /// Where clients are to ask, as text for a command line.
    pub fn address(&self) -> String {
        address(&self.line.front).to_string()
    }

    /// How many packets have come so far, either way.
    pub fn packets(&self) -> usize {
        self.line.lock().wire.passed()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.line.closing.store(true, Ordering::SeqCst);
        for socket in [&self.line.front, &self.line.back] {
            // An empty datagram to itself, to wake the thread that waits there.
            let _ = socket.send_to(&[], address(socket));
        }
        for thread in self.threads.drain(..) {
            // A panic there was printed there.
            let _ = thread.join();
        }
    }
}

impl Line {
    /// Carries what comes from the other side to the side `to`, until the relay closes.
    fn carry(&self, to: Side) {
        let socket = if to == Side::Server { &self.front } else { &self.back };
        let mut buffer = vec![0; BUFFER_LEN];
        loop {
            let received = socket.recv_from(&mut buffer);
            if self.closing.load(Ordering::SeqCst) {
                return;
            }
            // An error tells that somebody who was sent something is gone: let them.
            let Ok((len, from)) = received else { continue };
            let mut state = self.lock();
            if to == Side::Server {
                state.client = Some(from);
            }
            self.pass(&mut state, Packet { to, bytes: buffer[..len].to_owned() });
        }
    }

    fn pass(&self, state: &mut State, packet: Packet) {
        let passage = state.wire.pass(packet.clone());
        self.note(&packet, &passage.remark);
        let now = vec![packet; passage.copies];
        let client = state.client;
        now.iter().for_each(|packet| self.deliver(packet, client));
        for late in passage.released {
            self.note(&late, "late");
            self.deliver(&late, client);
        }
    }

    fn deliver(&self, packet: &Packet, client: Option<SocketAddr>) {
        let sent = match (packet.to, client) {
            (Side::Server, _) => self.back.send_to(&packet.bytes, self.server),
            (Side::Client, Some(client)) => self.front.send_to(&packet.bytes, client),
            (Side::Client, None) => Err(io::Error::other("nobody has asked")),
        };
        if let Err(error) = sent {
            self.session.note("relay", Way::Aside, format!("the relay cannot send: {error}"));
        }
    }

    /// Seen from the program that was started last, which is the client.
    fn note(&self, packet: &Packet, remark: &str) {
        let way = if packet.to == Side::Client { Way::In } else { Way::Out };
        let label = format!("{remark}: {}", (self.shown_as)(&packet.bytes));
        self.session.ladder().datagram("relay", way, &packet.bytes, label);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("no panic under the lock")
    }
}

fn address(socket: &UdpSocket) -> SocketAddr {
    socket.local_addr().expect("a bound socket has an address")
}
