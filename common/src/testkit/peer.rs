//! A hostile TCP peer: it says exactly what the test tells it to, and remembers everything.

use super::deadline::Deadline;
use super::kernel;
use super::ladder::Way;
use super::process::{Process, is_reset};
use super::session::{Complaint, Session};
use super::text::{self, count_of, show};
use socket2::{Domain, SockRef, Socket, Type};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// More pieces than this are one row of the ladder.
const PIECES_SHOWN: usize = 6;

/// SO_RCVBUF of a peer that does not read.
const DEAF_BUFFER: usize = 4096;

/// One end of a connection to the program under test.
///
/// Every `expect_…` ends the test as failed when it does not hold, with the ladder so far.
#[derive(Debug)]
pub struct Peer {
    session: Arc<Session>,
    name: String,
    /// What the program at the other end is called.
    them: &'static str,
    stream: TcpStream,
    ours: SocketAddr,
    theirs: SocketAddr,
    /// How many bytes were sent, to ask the kernel whether they were read.
    sent: u64,
    /// Read from the socket, but not expected yet.
    inbox: Vec<u8>,
    think: Option<String>,
}

/// What one look at the socket gave.
#[derive(Debug, PartialEq, Eq)]
enum Arrival {
    Bytes,
    End,
    Reset,
    Nothing,
}

impl Peer {
    pub(super) fn connect(server: &Process, name: &str, address: SocketAddr) -> Peer {
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(5));
        Peer::connected(server, name, address, stream)
    }

    pub(super) fn connect_deaf(server: &Process, name: &str, address: SocketAddr) -> Peer {
        let connect = || {
            let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
            // Before connecting: the window that the peer is offered is fixed by then.
            socket.set_recv_buffer_size(DEAF_BUFFER)?;
            socket.connect(&address.into())?;
            Ok(socket.into())
        };
        Peer::connected(server, name, address, connect())
    }

    fn connected(
        server: &Process,
        name: &str,
        address: SocketAddr,
        stream: io::Result<TcpStream>,
    ) -> Peer {
        let session = server.session();
        session.note(name, Way::In, "connect");
        match stream {
            Ok(stream) => Peer::over(session, name, "server", stream),
            Err(error) => {
                let sentence = format!("{name} could not connect to {address}: {error}.");
                let (peer, mark) = (name, "wanted a connection".to_owned());
                session.fail(Complaint { peer, sentence, mark, think: None })
            }
        }
    }

    pub(super) fn accepted(session: &Arc<Session>, name: &str, stream: TcpStream) -> Peer {
        // Some systems hand the listener's non-blocking mode on to what it accepts.
        stream.set_nonblocking(false).expect("every socket can block");
        session.note(name, Way::Out, "connect");
        Peer::over(session, name, "client", stream)
    }

    fn over(session: &Arc<Session>, name: &str, them: &'static str, stream: TcpStream) -> Peer {
        // Nagle's algorithm would glue small pieces together.
        stream.set_nodelay(true).expect("TCP has TCP_NODELAY");
        let ours = stream.local_addr().expect("a connected socket has an address");
        let theirs = stream.peer_addr().unwrap_or(ours);
        let (session, name) = (Arc::clone(session), name.to_owned());
        Peer { session, name, them, stream, ours, theirs, sent: 0, inbox: Vec::new(), think: None }
    }

    /// What to think about should the next expectations fail.
    pub fn says(&mut self, think: &str) -> &mut Self {
        self.think = Some(think.to_owned());
        self
    }

    /// The address that the program sees us at.
    pub fn local_addr(&self) -> SocketAddr {
        self.ours
    }

    /// Sends `bytes`; the program may find them in any number of reads.
    pub fn send(&mut self, bytes: &[u8]) -> &mut Self {
        self.session.ladder().bytes(&self.name, Way::In, bytes);
        self.write(bytes);
        self
    }

    /// Sends `bytes` one by one, each a read of its own.
    pub fn send_byte_by_byte(&mut self, bytes: &[u8]) -> &mut Self {
        let pieces: Vec<&[u8]> = bytes.chunks(1).collect();
        self.send_in_pieces(&pieces)
    }

    /// Sends `pieces`, each only after the program has read the one before.
    pub fn send_in_pieces(&mut self, pieces: &[&[u8]]) -> &mut Self {
        if pieces.len() > PIECES_SHOWN {
            self.session.ladder().pieces(&self.name, &pieces.concat(), pieces.len());
        }
        for piece in pieces {
            if pieces.len() <= PIECES_SHOWN {
                self.session.ladder().bytes(&self.name, Way::In, piece);
            }
            self.write(piece);
            self.wait_until_read();
        }
        self
    }

    /// Sends `bytes` one by one, each `pause` after the one before, until something comes back:
    /// a peer that keeps the program waiting as long as it lets itself. Returns how many bytes went
    /// before that; all of them, if nothing came.
    pub fn dribble(&mut self, bytes: &[u8], pause: Duration) -> usize {
        for (index, byte) in bytes.chunks(1).enumerate() {
            self.session.ladder().bytes(&self.name, Way::In, byte);
            self.write(byte);
            // Not a sleep: the program's answer ends it.
            if self.receive_until(Deadline::in_just(pause)) != Arrival::Nothing {
                return index + 1;
            }
        }
        bytes.len()
    }

    /// Expects that nothing comes for `time`: what was promised for later must not come sooner.
    pub fn expect_nothing_for(&mut self, time: Duration) -> &mut Self {
        self.session.note(&self.name, Way::In, format!("(silence, {time:?})"));
        match self.receive_until(Deadline::in_just(time)) {
            Arrival::Nothing if self.inbox.is_empty() => self,
            Arrival::Nothing | Arrival::Bytes => self.too_much(),
            Arrival::End | Arrival::Reset => {
                let sentence = format!("The {} closed the connection too soon.", self.them);
                self.fail(sentence, "wanted it to wait".to_owned())
            }
        }
    }

    /// Waits until the program has read all that we sent. Not read within the deadline is a
    /// failure.
    pub fn wait_until_read(&mut self) -> &mut Self {
        if !kernel::wait_until_read(self.ours, self.theirs, self.sent, Deadline::usual()) {
            let sentence = format!("The {} did not read what {} sent.", self.them, self.name);
            self.fail(sentence, "wanted it to be read".to_owned());
        }
        self
    }

    /// Sends until nothing fits any more, and the program has done all it can: it does not read
    /// from us now. Returns how many bytes went. `limit` bytes are a failure.
    pub fn send_until_stuck(&mut self, chunk: &[u8], limit: usize) -> usize {
        self.stream.set_nonblocking(true).expect("every socket can be made non-blocking");
        let mut sent = 0;
        while sent < limit {
            match self.stream.write(chunk) {
                Ok(count) => sent += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.session.wait_until_idle();
                    // Only if it sleeps, and there is still no room, is it stuck.
                    match self.stream.write(chunk) {
                        Ok(count) => sent += count,
                        Err(_) => break,
                    }
                }
                Err(_) => break,
            }
        }
        self.stream.set_nonblocking(false).expect("every socket can block");
        self.session.note(
            &self.name,
            Way::In,
            format!("{} until nothing fits", count_of(sent, "byte")),
        );
        if sent >= limit {
            let sentence = format!(
                "The {} took {} and never stopped reading.",
                self.them,
                count_of(sent, "byte")
            );
            self.fail(sentence, "wanted it to stop".to_owned());
        }
        sent
    }

    /// Sends `bytes` while it reads, and expects `wanted`: large messages need both at once.
    pub fn exchange(&mut self, bytes: &[u8], wanted: &[u8]) -> &mut Self {
        self.session.ladder().bytes(&self.name, Way::In, bytes);
        let mut sender = self.stream.try_clone().expect("a socket can be cloned");
        thread::scope(|scope| {
            scope.spawn(move || {
                let timeout = Deadline::usual().left();
                // If it fails, what is missing from the answer tells.
                let _ = sender.set_write_timeout(timeout).and_then(|()| sender.write_all(bytes));
            });
            // A failed expectation unwinds: the socket must be shut, or the sender never ends.
            let _guard = ShutOnUnwind(self.stream.try_clone().expect("a socket can be cloned"));
            self.expect(wanted);
        });
        self.sent += bytes.len() as u64;
        self
    }

    /// Expects exactly `wanted` as the next bytes.
    pub fn expect(&mut self, wanted: &[u8]) -> &mut Self {
        let mut same = 0;
        loop {
            let arrived = self.inbox.len().min(wanted.len());
            if self.inbox[same..arrived] != wanted[same..arrived] {
                self.differ(wanted);
            }
            if arrived == wanted.len() {
                self.inbox.drain(..arrived);
                return self;
            }
            same = arrived;
            let arrival = self.receive();
            if arrival != Arrival::Bytes {
                self.miss(wanted, &arrival);
            }
        }
    }

    /// Sends back `count` bytes as they come: an echo server that does not wait for the whole.
    pub fn echo(&mut self, count: usize) -> &mut Self {
        self.session.note(&self.name, Way::In, format!("echoes {}", count_of(count, "byte")));
        let mut echoed = 0;
        while echoed < count {
            let arrival = if self.inbox.is_empty() { self.receive() } else { Arrival::Bytes };
            if arrival != Arrival::Bytes {
                let missing = count_of(count - echoed, "byte");
                let sentence = format!("The {} stopped sending: {missing} never came.", self.them);
                self.fail(sentence, format!("wanted {missing} more"));
            }
            let bytes = std::mem::take(&mut self.inbox);
            self.write(&bytes);
            echoed += bytes.len();
        }
        self
    }

    /// The next line, without its ending.
    pub fn line(&mut self) -> String {
        loop {
            if let Some(end) = self.inbox.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.inbox.drain(..=end).collect();
                return String::from_utf8_lossy(&line[..end]).into_owned();
            }
            let arrival = self.receive();
            if arrival != Arrival::Bytes {
                self.miss(b"(a line)\n", &arrival);
            }
        }
    }

    /// All that comes until the program closes its side in order.
    pub fn rest(&mut self) -> Vec<u8> {
        loop {
            match self.receive() {
                Arrival::Bytes => (),
                Arrival::End => return std::mem::take(&mut self.inbox),
                arrival => self.no_end(&arrival),
            }
        }
    }

    /// Expects the orderly end (FIN), and no byte before it.
    pub fn expect_end(&mut self) -> &mut Self {
        loop {
            if !self.inbox.is_empty() {
                self.too_much();
            }
            match self.receive() {
                Arrival::Bytes => (),
                Arrival::End => return self,
                arrival => self.no_end(&arrival),
            }
        }
    }

    /// Expects that the connection is reset (RST).
    pub fn expect_reset(&mut self) -> &mut Self {
        let mut arrival = self.receive();
        while arrival == Arrival::Bytes {
            arrival = self.receive();
        }
        if arrival != Arrival::Reset {
            let sentence = format!("The {} did not reset the connection.", self.them);
            self.fail(sentence, "wanted: RST".to_owned());
        }
        self
    }

    /// Expects that the program, having done all it can with what it was sent, says nothing.
    pub fn expect_silence(&mut self) -> &mut Self {
        kernel::wait_until_arrived(self.ours, self.theirs, self.sent, Deadline::usual());
        self.session.wait_until_idle();
        if self.inbox.is_empty() {
            self.look();
        }
        if !self.inbox.is_empty() {
            self.too_much();
        }
        self
    }

    /// Closes our sending side (FIN): we have no more to say, and still listen.
    pub fn half_close(&mut self) -> &mut Self {
        self.session.note(&self.name, Way::In, "FIN");
        // A connection that is gone already has nothing left to close.
        let _ = self.stream.shutdown(Shutdown::Write);
        self
    }

    /// Tears the connection down (RST), as a crashed or rude peer does.
    pub fn reset(self) {
        self.session.note(&self.name, Way::In, "RST");
        // Linger 0: close(2) discards what is queued and sends RST (socket(7), SO_LINGER).
        let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
    }

    /// Whether the connection still stands in the kernel's table on the program's side; `None`
    /// where the kernel cannot be asked.
    pub fn is_open_at_their_side(&self) -> Option<bool> {
        let sockets = kernel::tcp_sockets()?;
        Some(sockets.iter().any(|socket| socket.local == self.theirs && socket.remote == self.ours))
    }

    fn write(&mut self, bytes: &[u8]) {
        let timeout = Deadline::usual().left();
        let written =
            self.stream.set_write_timeout(timeout).and_then(|()| self.stream.write_all(bytes));
        let Err(error) = written else {
            self.sent += bytes.len() as u64;
            return;
        };
        if is_reset(&error) {
            // Told by the next expectation, together with what was missed.
            return;
        }
        let sentence = format!(
            "{} could not send {}: the {} does not read.",
            self.name,
            show(bytes),
            self.them
        );
        self.fail(sentence, "wanted it to read".to_owned());
    }

    /// Waits for the next bytes, until the usual deadline.
    fn receive(&mut self) -> Arrival {
        self.receive_until(Deadline::usual())
    }

    fn receive_until(&mut self, deadline: Deadline) -> Arrival {
        let timeout = deadline.left();
        let mut buffer = vec![0; 64 * 1024];
        let read = loop {
            let read =
                self.stream.set_read_timeout(timeout).and_then(|()| self.stream.read(&mut buffer));
            match read {
                Err(error) if error.kind() == ErrorKind::Interrupted => (),
                other => break other,
            }
        };
        self.arrived(read, &buffer)
    }

    /// Takes what is there already, without waiting.
    fn look(&mut self) -> Arrival {
        let mut buffer = vec![0; 64 * 1024];
        self.stream.set_nonblocking(true).expect("every socket can be made non-blocking");
        let read = self.stream.read(&mut buffer);
        self.stream.set_nonblocking(false).expect("every socket can block");
        self.arrived(read, &buffer)
    }

    fn arrived(&mut self, read: io::Result<usize>, buffer: &[u8]) -> Arrival {
        match read {
            Ok(0) => {
                self.session.note(&self.name, Way::Out, "FIN");
                Arrival::End
            }
            Ok(count) => {
                self.session.ladder().bytes(&self.name, Way::Out, &buffer[..count]);
                self.inbox.extend_from_slice(&buffer[..count]);
                Arrival::Bytes
            }
            Err(error) if is_reset(&error) => {
                self.session.note(&self.name, Way::Out, "RST");
                Arrival::Reset
            }
            Err(_) => Arrival::Nothing,
        }
    }

    fn miss(&self, wanted: &[u8], arrival: &Arrival) -> ! {
        let missing = &wanted[self.inbox.len().min(wanted.len())..];
        let owed = match self.inbox.is_empty() {
            true => format!("wanted {}", show(wanted)),
            false => format!("wanted {} more: {}", count_of(missing.len(), "byte"), show(missing)),
        };
        let (them, count) = (self.them, count_of(wanted.len(), "byte"));
        let due = format!("{} of the {count} that were due", count_of(self.inbox.len(), "byte"));
        let sentence = match arrival {
            Arrival::End => format!("The {them} closed the connection after {due}."),
            Arrival::Reset => format!("The {them} reset the connection (RST) after {due}."),
            _ => format!("The {them} sent {due}, and then nothing more."),
        };
        self.fail(sentence, owed)
    }

    fn differ(&self, wanted: &[u8]) -> ! {
        let same = self.inbox.iter().zip(wanted).take_while(|(got, due)| got == due).count();
        let sentence = format!(
            "The {} sent {} where {} was due: the first difference is at byte {}.",
            self.them,
            show(&self.inbox[..self.inbox.len().min(wanted.len())]),
            show(wanted),
            text::thousands(same)
        );
        // Around the difference, for long messages are alike for long.
        let near = &wanted[same.saturating_sub(8)..wanted.len().min(same + 16)];
        self.fail(sentence, format!("wanted {} there", show(near)))
    }

    fn too_much(&mut self) -> ! {
        let sentence =
            format!("The {} sent {} where nothing more was due.", self.them, show(&self.inbox));
        self.fail(sentence, "wanted silence".to_owned())
    }

    fn no_end(&self, arrival: &Arrival) -> ! {
        let sentence = match arrival {
            Arrival::Reset => {
                format!(
                    "The {} reset the connection (RST) where an orderly end (FIN) was due.",
                    self.them
                )
            }
            _ => format!("The {} did not close the connection.", self.them),
        };
        self.fail(sentence, "wanted: FIN".to_owned())
    }

    fn fail(&self, sentence: String, mark: String) -> ! {
        self.session.fail(Complaint { peer: &self.name, sentence, mark, think: self.think.clone() })
    }
}

/// Closes a connection when an expectation unwinds, so that nobody writes to it for ever.
struct ShutOnUnwind(TcpStream);

impl Drop for ShutOnUnwind {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.0.shutdown(Shutdown::Both);
        }
    }
}
