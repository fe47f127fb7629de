//! A server under test: a process with an address.

use super::exit::Exit;
use super::process::Process;
use crate::linux;
use crate::tcp::Peer;
use crate::time::{Deadline, ProgressDeadline, poll_until};
use crate::udp::faults::Fault;
use crate::udp::{Relay, UdpPeer};
use common::shutdown::GRACE;
use report::bytes::show;
use report::time::show_time;
use std::net::{IpAddr, SocketAddr};
use std::ops::{Deref, DerefMut};
#[cfg(unix)]
use std::path::Path;
use std::time::{Duration, Instant};

/// A server that listens: a [`Process`] with an address.
#[derive(Debug)]
pub struct Server {
    process: Process,
    address: SocketAddr,
}

impl Server {
    /// Waits for the first line, `listening on ADDRESS`.
    pub(super) fn started(mut process: Process) -> Server {
        let deadline = ProgressDeadline::for_a_start();
        let line = process.running.stdout.line(deadline, process.is_slow(), 0);
        let address = line.as_ref().and_then(|line| {
            str::from_utf8(line).ok()?.strip_prefix("listening on ")?.trim_end().parse().ok()
        });
        let Some(address) = address else { process.fail_to_listen(line) };
        process.consumed = line.map_or(0, |line| line.len() + 1);
        process.remark(format!("listening on {address}"));
        Server { process, address }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What to check should the next expectations fail.
    pub fn says(&mut self, id: &str, text: &str) -> &mut Server {
        self.process.says(id, text);
        self
    }

    /// Waits until it has accepted all clients that connected.
    pub fn wait_until_accepted(&mut self) -> &mut Server {
        if !linux::wait_until_accepted(self.address, Deadline::usual()) {
            let did = "did not accept a client who waits";
            self.party.fail("did-not-accept", did, "wanted it to accept");
        }
        self
    }

    /// Waits until `count` clients wait to be accepted. Stop the server first. On a busy machine, the
    /// kernel may put a client into the queue after its connect(2) has returned.
    pub fn wait_until_waiting(&self, count: usize) -> bool {
        linux::wait_until_waiting(self.address, count, Deadline::usual())
    }

    /// How many clients may wait to be accepted; `None` where the kernel cannot be asked.
    pub fn backlog(&self) -> Option<usize> {
        linux::backlog(self.address)
    }

    /// A client that connects to it; `name` is its name in the ladder.
    pub fn connect(&self, name: &str) -> Peer {
        Peer::connect(&self.process.party.context, name, self.address)
    }

    /// A client that reaches it at another of its addresses, as the wildcard has many.
    pub fn connect_at(&self, name: &str, ip: IpAddr) -> Peer {
        Peer::connect(&self.process.party.context, name, SocketAddr::new(ip, self.address.port()))
    }

    /// A client that connects from `ours` to another of its addresses. `None` if this machine does
    /// not have the address `ours`.
    pub fn connect_from(&self, name: &str, ours: IpAddr, ip: IpAddr) -> Option<Peer> {
        let address = SocketAddr::new(ip, self.address.port());
        Peer::connect_from(&self.process.party.context, name, ours, address)
    }

    /// A client of its Unix socket at `path` (unix(7)). The kernel cannot be asked what the server
    /// has read from it.
    #[cfg(unix)]
    pub fn connect_unix(&self, name: &str, path: &Path) -> Peer {
        Peer::connect_unix(&self.process.party.context, name, path)
    }

    /// A client with a small receive buffer. As long as it does not read, its server cannot send
    /// much.
    pub fn connect_non_reading(&self, name: &str) -> Peer {
        Peer::connect_non_reading(&self.process.party.context, name, self.address)
    }

    /// A client that talks to it over UDP; `name` is its name in the ladder.
    pub fn udp_peer(&self, name: &str) -> UdpPeer {
        let any = UdpPeer::any_port_for(self.address);
        self.udp_peer_from(name, any).expect("loopback has free ports")
    }

    /// The same from an address of your choice; `None` if it cannot be had. With port 0, from any
    /// port except the server's own, which a server may mistrust.
    pub fn udp_peer_from(&self, name: &str, ours: SocketAddr) -> Option<UdpPeer> {
        UdpPeer::client(&self.process.party.context, name, ours, self.address)
    }

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
        Relay::new(&self.process.party.context, self.address, &script, shown_as)
    }

    /// Expects the end that follows Ctrl-C or SIGTERM. It must come before the time for running
    /// clients is over, because no client is being served.
    pub fn expect_stopped_at_once(&mut self) -> Exit {
        self.expect_stopped_within(GRACE * 3 / 4)
    }

    /// Expects the end that follows Ctrl-C or SIGTERM, at most `limit` from now.
    pub fn expect_stopped_within(&mut self, limit: Duration) -> Exit {
        // Not scaled, for the server's own limit is not.
        let asked = Instant::now();
        let is_over = || self.running.has_ended() || asked.elapsed() > limit;
        poll_until(Deadline::after(limit + GRACE), is_over);
        if !self.running.has_ended() {
            let text = format!(
                "{} after it was asked to stop, the server is still running.",
                show_time(limit)
            );
            self.party.fail_as("did-not-stop", text, "wanted: stopped");
        }
        self.expect_stopped()
    }

    /// Expects the end that follows Ctrl-C or SIGTERM: `stopped`, exit status 0.
    pub fn expect_stopped(&mut self) -> Exit {
        let exit = self.expect_exit(0);
        self.says("stdout-is-for-the-user", "stdout is for what the user asked for; what you want to know yourself goes to stderr (common::log!)");
        self.expect_line("stopped");
        exit
    }
}

impl Process {
    fn fail_to_listen(&self, line: Option<Vec<u8>>) -> ! {
        let mark = "wanted: listening on ADDRESS";
        let Some(line) = line.map(|line| show(&line)) else {
            let (id, did) = self.why_no_line_came();
            self.party.fail(id, did, mark)
        };
        let text = format!(
            "The server's first line on stdout is {line} where `listening on ADDRESS` was due."
        );
        self.party.context.fail(self.party.failed_as("wrong-first-line", text, mark).received(line))
    }

    fn why_no_line_came(&self) -> (&'static str, String) {
        // A program that has closed its stdout is about to end, most likely.
        if self.running.stdout.has_ended() && self.running.wait_for_end(Duration::ZERO, || false) {
            let status = self.running.status_words();
            let did = format!("ended ({status}) before it said `listening on ADDRESS`");
            return ("exited-before-listening", did);
        }
        let waited = show_time(self.running.age());
        let did = format!("did not say `listening on ADDRESS` on stdout within {waited}");
        match self.unexpected_output() {
            None => ("did-not-listen", did),
            // What was printed stands below the sentence.
            Some(_) if self.running.stdout.is_flood() => {
                ("first-line-without-newline", format!("{did}, and printed no newline"))
            }
            Some(begun) => {
                let did = format!("{did}: it printed {begun}, and no newline");
                ("first-line-without-newline", did)
            }
        }
    }
}

impl Deref for Server {
    type Target = Process;

    fn deref(&self) -> &Process {
        &self.process
    }
}

impl DerefMut for Server {
    fn deref_mut(&mut self) -> &mut Process {
        &mut self.process
    }
}
