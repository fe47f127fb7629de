//! A server under test: a process with an address.

use super::{Exit, Process};
use crate::deadline::{Deadline, Patience, poll_until};
use crate::kernel;
use crate::ladder::Way;
use crate::peer::Peer;
use crate::text;
use common::shutdown::GRACE;
use std::net::{IpAddr, SocketAddr};
use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

/// A server that listens: a [`Process`] with an address.
#[derive(Debug)]
pub struct Server {
    process: Process,
    address: SocketAddr,
}

impl Server {
    /// Waits for the first line, `listening on ADDRESS`.
    pub(crate) fn started(mut process: Process) -> Server {
        let patience = Patience::for_a_start();
        let line = process.running.stdout.line(patience, process.at_a_disk(), 0);
        let address = line.as_ref().and_then(|line| {
            str::from_utf8(line).ok()?.strip_prefix("listening on ")?.trim_end().parse().ok()
        });
        let Some(address) = address else { process.fail_to_listen(line) };
        process.consumed = line.map_or(0, |line| line.len() + 1);
        process.session.note("", Way::Aside, format!("listening on {address}"));
        Server { process, address }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What to think about should the next expectations fail.
    pub fn says(&mut self, think: &str) -> &mut Server {
        self.process.says(think);
        self
    }

    /// Waits until it has accepted everybody who connected.
    pub fn wait_until_accepted(&mut self) -> &mut Server {
        if !kernel::wait_until_accepted(self.address, Deadline::usual()) {
            let sentence = "The server did not accept a client who waits.".to_owned();
            self.fail(sentence, "wanted it to accept".to_owned());
        }
        self
    }

    /// How many clients may wait to be accepted; `None` where the kernel cannot be asked.
    pub fn backlog(&self) -> Option<usize> {
        kernel::backlog(self.address)
    }

    /// A client that connects to it; `name` is its name in the ladder.
    pub fn connect(&self, name: &str) -> Peer {
        Peer::connect(&self.process, name, self.address)
    }

    /// A client that reaches it at another of its addresses, as the wildcard has many.
    pub fn connect_at(&self, name: &str, ip: IpAddr) -> Peer {
        Peer::connect(&self.process, name, SocketAddr::new(ip, self.address.port()))
    }

    /// A client with a small receive buffer: one that does not read holds up its server soon.
    pub fn connect_deaf(&self, name: &str) -> Peer {
        Peer::connect_deaf(&self.process, name, self.address)
    }

    /// Expects the end that follows Ctrl-C or SIGTERM, and not only because the time that running
    /// clients are given was up: nobody is being served.
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
            self.fail(
                format!(
                    "{:.1} s after it was asked to stop, the server is still running.",
                    limit.as_secs_f64()
                ),
                "wanted: stopped".to_owned(),
            );
        }
        self.expect_stopped()
    }

    /// Expects the end that follows Ctrl-C or SIGTERM: `stopped`, exit status 0.
    pub fn expect_stopped(&mut self) -> Exit {
        let exit = self.expect_exit(0);
        self.says("stdout is for what the user asked for; what you want to know yourself goes to stderr (common::log!)");
        self.expect_line("stopped");
        exit
    }
}

impl Process {
    fn fail_to_listen(&mut self, line: Option<Vec<u8>>) -> ! {
        // What has closed its stdout is about to end, most likely.
        let is_ending = line.is_none() && self.running.stdout.has_ended();
        let has_ended = is_ending && self.running.wait_for_end(Duration::ZERO, || false);
        let printed = self.running.stdout.text();
        let sentence = match line {
            Some(line) => format!(
                "The server's first line on stdout is {} where `listening on ADDRESS` was due.",
                text::show(&line)
            ),
            None if has_ended => {
                let status = self.running.status_words();
                format!("The server ended ({status}) before it said `listening on ADDRESS`.")
            }
            None if printed.is_empty() => {
                "The server did not say `listening on ADDRESS` on stdout.".to_owned()
            }
            None => format!(
                "The server did not say `listening on ADDRESS` on stdout: it printed {}, and no \
                 newline.",
                text::show(&printed)
            ),
        };
        self.fail(sentence, "wanted: listening on ADDRESS".to_owned())
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
