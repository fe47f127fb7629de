//! A relay between a client and a server under test, on which a script of faults happens.
//!
//! ```text
//!   client ──▶ relay ──▶ server       requests and answers are counted together, from 0,
//!          ◀──       ◀──              in the order in which they reach the relay
//! ```
//!
//! The server sees the relay's address. It serves one client at a time, because answers go to the
//! client that asked last.
//!
//! When a client resends a request too early, because the machine is busy, the numbers would shift.
//! So while the server has a request and has not answered it, the relay drops every copy of it and
//! does not count it.

use super::fault_script::FaultScript;
use super::faults::{Fault, written};
use super::ports;
use crate::context::TestContext;
use crate::trace::{Endpoints, plain};
use report::Direction;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};

/// Room for every datagram that there can be.
const BUFFER_LEN: usize = 1 << 16;

/// Runs until it is dropped.
#[derive(Debug)]
pub struct Relay {
    state: Arc<RelayState>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
struct RelayState {
    context: Arc<TestContext>,
    shown_as: fn(&[u8]) -> String,
    server: SocketAddr,
    /// Where clients ask.
    front: UdpSocket,
    /// From where the server is asked.
    back: UdpSocket,
    passing: Mutex<Passing>,
    closing: AtomicBool,
}

#[derive(Debug)]
struct Passing {
    script: FaultScript<Packet>,
    client: Option<SocketAddr>,
    /// The last request that went to the server, until the server answers.
    unanswered: Option<Vec<u8>>,
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

impl Relay {
    /// A relay to the server at `server`, on which `script` happens. Datagrams are shown in the
    /// ladder as `shown_as` says.
    pub(crate) fn new(
        context: &Arc<TestContext>,
        server: SocketAddr,
        script: &[Fault],
        shown_as: fn(&[u8]) -> String,
    ) -> Relay {
        context.remark(format!("the line: {}", written(script)));
        let state = Arc::new(RelayState {
            context: Arc::clone(context),
            shown_as,
            server,
            front: ports::open(),
            back: ports::open(),
            passing: Mutex::new(Passing {
                script: FaultScript::new(script),
                client: None,
                unanswered: None,
            }),
            closing: AtomicBool::new(false),
        });
        let threads = [Side::Server, Side::Client].map(|to| {
            let state = Arc::clone(&state);
            thread::spawn(move || state.carry(to))
        });
        Relay { state, threads: threads.into() }
    }

    /// Where clients are to ask, as text for a command line.
    pub fn address(&self) -> String {
        address(&self.state.front).to_string()
    }

    /// How many packets have come so far, either way.
    pub fn packets(&self) -> usize {
        self.state.lock().script.passed()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.state.closing.store(true, Ordering::SeqCst);
        for socket in [&self.state.front, &self.state.back] {
            // An empty datagram to itself, to wake the thread that waits there.
            let _ = socket.send_to(&[], address(socket));
        }
        for thread in self.threads.drain(..) {
            // A panic there was printed there.
            let _ = thread.join();
        }
    }
}

impl RelayState {
    /// Carries what comes from the other side to the side `to`, until the relay closes.
    fn carry(&self, to: Side) {
        let socket = if to == Side::Server { &self.front } else { &self.back };
        let mut buffer = vec![0; BUFFER_LEN];
        loop {
            let received = socket.recv_from(&mut buffer);
            if self.closing.load(Ordering::SeqCst) {
                return;
            }
            // An error says that a socket to which we sent something is closed. That is no concern.
            let Ok((len, from)) = received else { continue };
            let mut passing = self.lock();
            self.trace(Direction::FromProgram, socket, from, &buffer[..len]);
            if to == Side::Server {
                passing.client = Some(from);
            }
            self.pass(&mut passing, Packet { to, bytes: buffer[..len].to_owned() });
        }
    }

    fn pass(&self, passing: &mut Passing, packet: Packet) {
        match packet.to {
            Side::Server if passing.unanswered.as_ref() == Some(&packet.bytes) => {
                return self.note(&packet, "dropped, still unanswered");
            }
            Side::Server => (),
            Side::Client => passing.unanswered = None,
        }
        let passage = passing.script.pass(packet.clone());
        self.note(&packet, &passage.remark);
        let now = vec![packet; passage.copies];
        now.iter().for_each(|packet| self.deliver(passing, packet));
        for late in passage.released {
            self.note(&late, "late");
            self.deliver(passing, &late);
        }
    }

    fn deliver(&self, passing: &mut Passing, packet: &Packet) {
        let sent = match (packet.to, passing.client) {
            (Side::Server, _) => {
                passing.unanswered = Some(packet.bytes.clone());
                self.send(&self.back, &packet.bytes, self.server)
            }
            (Side::Client, Some(client)) => self.send(&self.front, &packet.bytes, client),
            (Side::Client, None) => Err(io::Error::other("no client has asked")),
        };
        if let Err(error) = sent {
            self.context.ladder().note(
                "relay",
                Direction::Note,
                format!("the relay cannot send: {error}"),
            );
        }
    }

    fn send(&self, socket: &UdpSocket, bytes: &[u8], to: SocketAddr) -> io::Result<usize> {
        self.trace(Direction::ToProgram, socket, to, bytes);
        socket.send_to(bytes, to)
    }

    /// Between the relay and one of the two programs.
    fn trace(&self, direction: Direction, socket: &UdpSocket, program: SocketAddr, bytes: &[u8]) {
        let endpoints = Endpoints::udp(address(socket), program);
        self.context.trace("relay", endpoints, direction, || plain(bytes));
    }

    /// Seen from the program that was started last, which is the client.
    fn note(&self, packet: &Packet, remark: &str) {
        let direction = match packet.to {
            Side::Client => Direction::ToProgram,
            Side::Server => Direction::FromProgram,
        };
        let label = format!("{remark}: {}", (self.shown_as)(&packet.bytes));
        self.context.ladder().datagram("relay", direction, &packet.bytes, label);
    }

    fn lock(&self) -> MutexGuard<'_, Passing> {
        self.passing.lock().expect("no panic under the lock")
    }
}

fn address(socket: &UdpSocket) -> SocketAddr {
    socket.local_addr().expect("a bound socket has an address")
}
