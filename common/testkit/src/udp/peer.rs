//! A hostile UDP peer: a client of a server under test, or a server for a client under test.
//!
//! It is not connected, so that it receives every datagram, also from unexpected senders.

use crate::context::TestContext;
use crate::party::Party;
use crate::time::{Backoff, ProgressDeadline};
use crate::trace::{Endpoints, plain};
use report::bytes::show;
use report::{Direction, Role};
use socket2::SockRef;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use terminal::count_of;

/// Room for every datagram that there can be.
const BUFFER_LEN: usize = 1 << 16;

/// One end of a conversation over UDP with the program under test.
///
/// Every `expect_…` ends the test as failed when it does not hold, with the ladder so far.
pub struct UdpPeer {
    pub(super) party: Party,
    pub(super) socket: UdpSocket,
    pub(super) ours: SocketAddr,
    /// Where we send to. `None`: to the last sender.
    target: Option<SocketAddr>,
    last_sender: Option<SocketAddr>,
    shown_as: fn(&[u8]) -> String,
    /// Where datagrams arrive; made once, for some tests receive half a million.
    buffer: Box<[u8]>,
}

impl UdpPeer {
    /// A client of the server at `server`, at `ours`; `None` if that address cannot be had. With
    /// port 0, at any port except the server's own, which a server may mistrust.
    pub(crate) fn client(
        context: &Arc<TestContext>,
        name: &str,
        ours: SocketAddr,
        server: SocketAddr,
    ) -> Option<UdpPeer> {
        let target = SocketAddr::new(loopback(server), server.port());
        let mut socket = UdpSocket::bind(ours).ok()?;
        if ours.port() == 0 && socket.local_addr().ok()?.port() == target.port() {
            // The first socket is closed only when there is another, so their ports differ.
            socket = UdpSocket::bind(ours).ok()?;
        }
        let party = Party::peer(context, name, Some(Role::Server));
        Some(UdpPeer { target: Some(target), ..UdpPeer::new(party, socket) })
    }

    /// Any free port of loopback, in the family of `server`.
    pub(crate) fn any_port_for(server: SocketAddr) -> SocketAddr {
        SocketAddr::new(loopback(server), 0)
    }

    /// A server for clients: it answers the last sender.
    pub(crate) fn server(context: &Arc<TestContext>, name: &str, socket: UdpSocket) -> UdpPeer {
        UdpPeer::new(Party::peer(context, name, Some(Role::Client)), socket)
    }

    /// A peer that sends to `target`, and receives from anywhere.
    pub(crate) fn sender(
        context: &Arc<TestContext>,
        name: &str,
        socket: UdpSocket,
        target: SocketAddr,
    ) -> UdpPeer {
        let party = Party::peer(context, name, None);
        UdpPeer { target: Some(target), ..UdpPeer::new(party, socket) }
    }

    fn new(party: Party, socket: UdpSocket) -> UdpPeer {
        UdpPeer {
            party,
            ours: socket.local_addr().expect("a bound socket has an address"),
            socket,
            target: None,
            last_sender: None,
            shown_as: show,
            buffer: vec![0; BUFFER_LEN].into_boxed_slice(),
        }
    }

    /// What to check should the next expectations fail.
    pub fn says(&mut self, id: &str, text: &str) -> &mut Self {
        self.party.says(id, text);
        self
    }

    /// What to check instead should they fail because a datagram has the expected bytes, and more
    /// bytes after them. The next `says` removes it.
    pub fn says_if_more(&mut self, id: &str, text: &str) -> &mut Self {
        self.party.says_if_more(id, text);
        self
    }

    /// What to check instead should they fail because no datagram came. The next `says` removes it.
    pub fn says_if_silent(&mut self, id: &str, text: &str) -> &mut Self {
        self.party.says_if_silent(id, text);
        self
    }

    /// How datagrams are shown in the ladder and in sentences; by default as text or hex.
    pub fn shown_as(mut self, shown_as: fn(&[u8]) -> String) -> Self {
        self.shown_as = shown_as;
        self
    }

    /// Sends to another address of the program from now on, at the same port.
    pub fn with_target(mut self, ip: &str) -> Self {
        let ip: IpAddr = ip.parse().expect("the test gives an IP address");
        self.target = Some(SocketAddr::new(ip, self.peer().port()));
        self
    }

    /// Sends IPv4 packets with this time to live and this type of service from now on.
    pub fn with_header_fields(self, ttl: u32, tos: u32) -> Self {
        self.socket.set_ttl(ttl).expect("every IPv4 socket has a time to live");
        SockRef::from(&self.socket).set_tos_v4(tos).expect("every IPv4 socket has one");
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

    /// Where we send to.
    pub fn peer(&self) -> SocketAddr {
        self.known_peer().expect("a server answers: let it receive a datagram first")
    }

    pub(super) fn known_peer(&self) -> Option<SocketAddr> {
        self.target.or(self.last_sender)
    }

    /// The sender of the last datagram that we received.
    pub fn last_sender(&self) -> SocketAddr {
        self.last_sender.expect("let it receive a datagram first")
    }

    /// As datagrams are shown here.
    pub(super) fn show(&self, bytes: &[u8]) -> String {
        if bytes.is_empty() { "(empty)".to_owned() } else { (self.shown_as)(bytes) }
    }

    /// Sends, and notes nothing.
    pub(super) fn post(&self, bytes: &[u8]) {
        self.trace(Direction::ToProgram, self.peer(), bytes);
        if let Err(error) = self.socket.send_to(bytes, self.peer()) {
            let bytes = count_of(bytes.len(), "byte");
            let text = format!("{} could not send {bytes}: {error}.", self.party.name());
            self.party.fail_as("could-not-send", text, "wanted to send");
        }
    }

    /// Waits for the next datagram, and notes nothing. `wanted` is what a failure says was due.
    pub(super) fn fetch(&mut self, wanted: &str) -> Vec<u8> {
        let mut deadline = ProgressDeadline::new();
        let mut pauses = Backoff::new();
        loop {
            self.socket.set_read_timeout(Some(pauses.next())).expect("it is not zero");
            if let Some(bytes) = self.take() {
                return bytes;
            }
            // What the last of them sent may have come while we looked.
            let is_late = deadline.left_unless(|| self.party.context.is_slow()).is_none();
            if is_late || self.party.context.all_have_ended() {
                return self.take().unwrap_or_else(|| self.miss(wanted));
            }
        }
    }

    /// The next datagram, if one comes before the socket's timeout.
    pub(super) fn take(&mut self) -> Option<Vec<u8>> {
        loop {
            match self.socket.recv_from(&mut self.buffer) {
                Ok((len, sender)) => {
                    let bytes = self.buffer[..len].to_vec();
                    self.trace(Direction::FromProgram, sender, &bytes);
                    self.check_sender(sender, &bytes);
                    return Some(bytes);
                }
                // An earlier datagram found no socket there. The next expectation will report that.
                Err(error) if is_refusal(&error) => (),
                Err(error) if error.kind() == ErrorKind::Interrupted => (),
                Err(_) => return None,
            }
        }
    }

    /// A server must answer from the address at which it was asked.
    fn check_sender(&mut self, sender: SocketAddr, bytes: &[u8]) {
        self.last_sender = Some(sender);
        let target = self.target.filter(|_| self.party.role == Some(Role::Server));
        let Some(target) = target.filter(|target| *target != sender) else { return };
        let label = format!("{} from {sender}", self.show(bytes));
        self.party.note_datagram(Direction::FromProgram, bytes, label);
        let did = format!("was asked at {target}, and sent from {sender}");
        self.party.fail("wrong-source-address", did, &format!("wanted it from {target}"));
    }

    /// A datagram that goes over the wire, for the trace.
    fn trace(&self, direction: Direction, theirs: SocketAddr, bytes: &[u8]) {
        self.party.trace(Endpoints::udp(self.ours, theirs), direction, || plain(bytes));
    }

    fn miss(&self, wanted: &str) -> ! {
        let did = format!("sent nothing where {wanted} was due");
        let failed = self.party.failed("no-datagram", did, &format!("wanted {wanted}"));
        let failed = failed.advised(&self.party.advice_if_silent);
        self.party.context.fail(failed.expected(wanted.to_owned()))
    }
}

/// 0.0.0.0 and [::] are no destination, so loopback replaces them.
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
