//! A hostile UDP peer: a client of a server under test, or a server for a client under test.
//!
//! It is not connected, so that it sees all that comes, also from where nothing should.

use super::deadline::{Deadline, Pauses};
use super::kernel;
use super::ladder::Way;
use super::process::Server;
use super::session::{Complaint, Session};
use super::text::{count_of, show};
use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;

/// Room for every datagram that there can be.
const BUFFER_LEN: usize = 1 << 16;

/// One end of a conversation over UDP with the program under test.
///
/// Every `expect_…` ends the test as failed when it does not hold, with the ladder so far.
pub struct Datagrams {
    session: Arc<Session>,
    name: String,
    /// What the program at the other end is called.
    them: &'static str,
    socket: UdpSocket,
    ours: SocketAddr,
    /// Whom we send to; without one, to whoever spoke last.
    target: Option<SocketAddr>,
    hears: Hears,
    /// Who spoke last.
    last: Option<SocketAddr>,
    shown_as: fn(&[u8]) -> String,
    think: Option<String>,
    /// Where datagrams arrive; made once, for some tests receive half a million.
    buffer: Box<[u8]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hears {
    /// What comes from anywhere but our target is a failure.
    Target,
    Everybody,
}

impl Server {
    /// A client that talks to it over UDP; `name` is its name in the ladder.
    pub fn datagrams(&self, name: &str) -> Datagrams {
        let any = SocketAddr::new(loopback(self.address()), 0);
        self.datagrams_from(name, any).expect("loopback has free ports")
    }

    /// The same from an address of your choice; `None` if it cannot be had. With port 0, from any
    /// but the server's own: a server may mistrust that.
    pub fn datagrams_from(&self, name: &str, ours: SocketAddr) -> Option<Datagrams> {
        let theirs = SocketAddr::new(loopback(self.address()), self.address().port());
        let mut socket = UdpSocket::bind(ours).ok()?;
        if ours.port() == 0 && socket.local_addr().ok()?.port() == theirs.port() {
            // The first one is closed only when there is another: so they differ.
            socket = UdpSocket::bind(ours).ok()?;
        }
        Some(Datagrams::new(self.session(), name, "server", socket, Some(theirs), Hears::Target))
    }
}

impl Datagrams {
    /// Somebody whom clients can ask: answers whoever spoke last.
    pub(super) fn host(session: &Arc<Session>, name: &str, socket: UdpSocket) -> Datagrams {
        Datagrams::new(session, name, "client", socket, None, Hears::Everybody)
    }

    /// Somebody who speaks to `target`, and hears everybody.
    pub(super) fn caller(
        session: &Arc<Session>,
        name: &str,
        socket: UdpSocket,
        target: SocketAddr,
    ) -> Datagrams {
        Datagrams::new(session, name, "program", socket, Some(target), Hears::Everybody)
    }

    fn new(
        session: &Arc<Session>,
        name: &str,
        them: &'static str,
        socket: UdpSocket,
        target: Option<SocketAddr>,
        hears: Hears,
    ) -> Datagrams {
        let ours = socket.local_addr().expect("a bound socket has an address");
        let (session, name) = (Arc::clone(session), name.to_owned());
        let (last, shown_as, think) = (None, show as fn(&[u8]) -> String, None);
        let buffer = vec![0; BUFFER_LEN].into_boxed_slice();
        Datagrams {
            session,
            name,
            them,
            socket,
            ours,
            target,
            hears,
            last,
            shown_as,
            think,
            buffer,
        }
    }

    /// What to think about should the next expectations fail.
    pub fn says(&mut self, think: &str) -> &mut Self {
        self.think = Some(think.to_owned());
        self
    }

    /// How datagrams are shown in the ladder and in sentences; by default as text or hex.
    pub fn shown_as(mut self, shown_as: fn(&[u8]) -> String) -> Self {
        self.shown_as = shown_as;
        self
    }

    /// Talks to another address of the program from now on, at the same port.
    pub fn asks_at(mut self, ip: &str) -> Self {
        let ip: IpAddr = ip.parse().expect("the test gives an IP address");
        self.target = Some(SocketAddr::new(ip, self.peer().port()));
        self
    }

    /// The address that the program sees us at.
    pub fn local_addr(&self) -> SocketAddr {
        self.ours
    }

    /// The same as text for a command line.
    pub fn address(&self) -> String {
        self.ours.to_string()
    }

    /// Where the program sees us, if that is not the address that we are bound to.
    pub(super) fn seen_at(mut self, ours: SocketAddr) -> Self {
        self.ours = ours;
        self
    }

    /// Whom we talk to.
    pub fn peer(&self) -> SocketAddr {
        self.target.or(self.last).expect("a host answers: let it receive a datagram first")
    }

    /// Who sent the last datagram that we received.
    pub fn last_sender(&self) -> SocketAddr {
        self.last.expect("let it receive a datagram first")
    }

    /// Sends one datagram.
    pub fn send(&mut self, bytes: &[u8]) -> &mut Self {
        let label = self.show(bytes);
        self.session.ladder().datagram(&self.name, Way::In, bytes, label);
        self.post(bytes);
        self
    }

    /// Waits until the program has read what we sent. Not read within the deadline is a failure.
    pub fn wait_until_read(&mut self) -> &mut Self {
        if !kernel::wait_until_datagrams_read(self.ours, self.peer(), Deadline::usual()) {
            let sentence = format!("The {} did not read what was sent to it.", self.them);
            self.fail(sentence, "wanted it to read".to_owned());
        }
        self
    }

    /// The next datagram.
    pub fn receive(&mut self) -> Vec<u8> {
        self.next_datagram("a datagram")
    }

    /// Expects exactly `wanted` as the next datagram.
    pub fn expect(&mut self, wanted: &[u8]) -> &mut Self {
        let shown = self.describe(wanted);
        let got = self.next_datagram(&shown);
        if got != wanted {
            let got = self.describe(&got);
            let sentence = format!("The {} sent {got} where {shown} was due.", self.them);
            self.fail(sentence, format!("wanted {shown}"));
        }
        self
    }

    /// Expects that the program, having done all it can with what it was sent, says nothing.
    pub fn expect_silence(&mut self) -> &mut Self {
        if let Some(theirs) = self.target.or(self.last) {
            kernel::wait_until_datagrams_read(self.ours, theirs, Deadline::usual());
        }
        self.session.wait_until_idle();
        if let Some(bytes) = self.look() {
            self.note_arrival(&bytes);
            let got = self.describe(&bytes);
            let sentence = format!("The {} sent {got} where nothing was due.", self.them);
            self.fail(sentence, "wanted silence".to_owned());
        }
        self
    }

    /// What lies there already, without waiting; the ladder does not show it.
    pub fn look(&mut self) -> Option<Vec<u8>> {
        self.socket.set_nonblocking(true).expect("every socket can be made non-blocking");
        let arrived = self.take();
        self.socket.set_nonblocking(false).expect("every socket can block");
        arrived
    }

    /// Goes away: the port is closed, and what is sent to it comes back as an ICMP error.
    pub fn leave(self) {
        self.session.note(&self.name, Way::In, "leaves");
    }

    /// A new story with the same program: forgets the ladder so far. `title` stands above it.
    pub fn begins(&mut self, title: &str) -> &mut Self {
        let mut ladder = self.session.ladder();
        ladder.clear();
        ladder.note("", Way::Aside, title);
        drop(ladder);
        self
    }

    /// Fails unless `holds`: for what a test has found out by itself.
    pub fn check(&self, holds: bool, sentence: &str, think: &str) {
        self.session.check(holds, sentence, think);
    }

    pub(super) fn session(&self) -> &Arc<Session> {
        &self.session
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// As datagrams are shown here.
    pub(super) fn show(&self, bytes: &[u8]) -> String {
        if bytes.is_empty() { "(empty)".to_owned() } else { (self.shown_as)(bytes) }
    }

    /// Sends, and notes nothing.
    pub(super) fn post(&self, bytes: &[u8]) {
        if let Err(error) = self.socket.send_to(bytes, self.peer()) {
            let sentence =
                format!("{} could not send {}: {error}.", self.name, count_of(bytes.len(), "byte"));
            self.fail(sentence, "wanted to send".to_owned());
        }
    }

    /// Waits for the next datagram, and notes nothing. `wanted` is what a failure says was due.
    pub(super) fn fetch(&mut self, wanted: &str) -> Vec<u8> {
        let (deadline, mut pauses) = (Deadline::usual(), Pauses::new());
        loop {
            self.socket.set_read_timeout(Some(pauses.next())).expect("it is not zero");
            if let Some(bytes) = self.take() {
                return bytes;
            }
            // What the last of them sent may have come while we looked.
            if deadline.left().is_none() || self.session.all_have_ended() {
                return self.take().unwrap_or_else(|| self.miss(wanted));
            }
        }
    }

    /// The next datagram, if one comes before the socket's timeout.
    fn take(&mut self) -> Option<Vec<u8>> {
        loop {
            match self.socket.recv_from(&mut self.buffer) {
                Ok((len, from)) => {
                    let bytes = self.buffer[..len].to_vec();
                    self.meet(from, &bytes);
                    return Some(bytes);
                }
                // What we sent earlier found nobody there: the next expectation will tell.
                Err(error) if is_refusal(&error) => (),
                Err(error) if error.kind() == ErrorKind::Interrupted => (),
                Err(_) => return None,
            }
        }
    }

    /// A server must answer from where it was asked.
    fn meet(&mut self, from: SocketAddr, bytes: &[u8]) {
        self.last = Some(from);
        let Some(target) =
            self.target.filter(|target| self.hears == Hears::Target && *target != from)
        else {
            return;
        };
        let label = format!("{} from {from}", self.show(bytes));
        self.session.ladder().datagram(&self.name, Way::Out, bytes, label);
        let sentence = format!("The {} was asked at {target}, and sent from {from}.", self.them);
        self.fail(sentence, format!("wanted it from {target}"));
    }

    fn next_datagram(&mut self, wanted: &str) -> Vec<u8> {
        let bytes = self.fetch(wanted);
        self.note_arrival(&bytes);
        bytes
    }

    fn note_arrival(&self, bytes: &[u8]) {
        let label = self.show(bytes);
        self.session.ladder().datagram(&self.name, Way::Out, bytes, label);
    }

    /// For a sentence: an empty datagram is shown as nothing.
    fn describe(&self, bytes: &[u8]) -> String {
        if bytes.is_empty() { "an empty datagram".to_owned() } else { self.show(bytes) }
    }

    fn miss(&self, wanted: &str) -> ! {
        let sentence = format!("The {} sent nothing where {wanted} was due.", self.them);
        self.fail(sentence, format!("wanted {wanted}"))
    }

    pub(super) fn fail(&self, sentence: String, mark: String) -> ! {
        self.session.fail(Complaint { peer: &self.name, sentence, mark, think: self.think.clone() })
    }
}

impl fmt::Debug for Datagrams {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at {}, to {:?}", self.name, self.ours, self.target)
    }
}

/// 0.0.0.0 and [::] are no destination: loopback is.
fn loopback(address: SocketAddr) -> IpAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    }
}

fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset)
}
