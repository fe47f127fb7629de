//! A hostile TCP peer: it says exactly what the test tells it to, and remembers everything.

mod bulk;
mod complaints;
mod connecting;
mod tls;
mod tls_layer;
mod wire;

pub use tls_layer::{Decrypted, TlsEnd, TlsLayer, TlsSide};

use super::deadline::{Deadline, Patience};
use super::kernel;
use super::ladder::Way;
use super::session::Session;
use super::text::count_of;
use socket2::SockRef;
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use wire::Sending;

/// More pieces than this are one row of the ladder.
const PIECES_SHOWN: usize = 6;

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
    sending: Arc<Sending>,
    /// Whether we have sent FIN.
    is_half_closed: bool,
    /// Read from the socket, but not expected yet.
    inbox: Vec<u8>,
    think: Option<String>,
    /// Encrypts what goes and decrypts what comes, once TLS has begun.
    tls: Option<Box<dyn TlsLayer>>,
    /// Behind the stream, which is closed before this is dropped.
    link: Link,
}

/// A connection as the kernel knows it.
#[derive(Debug)]
struct Link {
    ours: SocketAddr,
    theirs: SocketAddr,
    /// How many bytes were sent, to ask whether they were read.
    sent: u64,
}

/// How long what was sent may be on its way over loopback.
const ARRIVAL: Duration = Duration::from_millis(50);

impl Link {
    fn wait_until_ended(&self) {
        kernel::wait_until_ended(self.ours, self.theirs, self.sent, Deadline::in_just(ARRIVAL));
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.wait_until_ended();
    }
}

/// What one look at the socket gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Arrival {
    Bytes,
    /// FIN; with TLS, close_notify.
    End,
    /// FIN without a close_notify, where TLS was spoken.
    Cut,
    /// The program ended TLS by an alert, or what it sent is no TLS.
    Refused,
    Reset,
    Nothing,
}

impl Peer {
    /// What to think about should the next expectations fail.
    pub fn says(&mut self, think: &str) -> &mut Self {
        self.think = Some(think.to_owned());
        self
    }

    /// The address that the program sees us at.
    pub fn local_addr(&self) -> SocketAddr {
        self.link.ours
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
            if self.receive(&mut Patience::until(Deadline::in_just(pause))) != Arrival::Nothing {
                return index + 1;
            }
        }
        bytes.len()
    }

    /// Expects that nothing comes for `time`: what was promised for later must not come sooner.
    pub fn expect_nothing_for(&mut self, time: Duration) -> &mut Self {
        self.session.note(&self.name, Way::In, format!("(silence, {time:?})"));
        if !self.inbox.is_empty() {
            self.too_much();
        }
        let begun = Instant::now();
        match self.receive(&mut Patience::until(Deadline::in_just(time))) {
            Arrival::Nothing => self,
            // A busy machine woke us late: what is here may have come after the time.
            _ if begun.elapsed() > time => self,
            Arrival::Bytes => self.too_much(),
            _ => {
                let sentence = format!("The {} closed the connection too soon.", self.them);
                self.fail(sentence, "wanted it to wait".to_owned())
            }
        }
    }

    /// Waits until the program has read all that we sent. Not read within the deadline is a
    /// failure.
    pub fn wait_until_read(&mut self) -> &mut Self {
        let Link { ours, theirs, sent } = self.link;
        let mut patience = Patience::new();
        while let Some(left) = patience.left_unless(|| self.session.waits_for_a_disk()) {
            if kernel::wait_until_read(ours, theirs, sent, Deadline::in_just(left)) {
                return self;
            }
        }
        let sentence = format!("The {} did not read what {} sent.", self.them, self.name);
        self.fail(sentence, "wanted it to be read".to_owned())
    }

    /// Sends until nothing fits any more, and the program has done all it can: it does not read
    /// from us now. Returns how many bytes went. `limit` bytes are a failure. Not through TLS:
    /// there a part of a record is nothing.
    pub fn send_until_stuck(&mut self, chunk: &[u8], limit: usize) -> usize {
        assert!(self.tls.is_none(), "what TLS sends goes as a whole");
        let (mut patience, mut sent, mut more) = (Patience::new(), 0, true);
        while more && sent < limit && patience.left().is_some() {
            let pushed = self.push(chunk);
            more = pushed.is_some();
            sent += pushed.unwrap_or(0);
            patience.renew();
        }
        let bytes = count_of(sent, "byte");
        self.session.note(&self.name, Way::In, format!("{bytes} until nothing fits"));
        if more {
            let sentence = format!("The {} took {bytes} and never stopped reading.", self.them);
            self.fail(sentence, "wanted it to stop".to_owned());
        }
        sent
    }

    /// Sends `bytes` while it reads, and expects `wanted`: large messages need both at once.
    pub fn exchange(&mut self, bytes: &[u8], wanted: &[u8]) -> &mut Self {
        self.session.ladder().bytes(&self.name, Way::In, bytes);
        let ours = self.stream.try_clone().expect("a socket can be cloned");
        let encrypted = self.encrypted(bytes).into_owned();
        let sending = Arc::clone(&self.sending);
        sending.begins();
        let written = thread::scope(|scope| {
            let sender = scope.spawn(|| wire::write(&ours, &encrypted, &sending));
            // A failed expectation unwinds: the socket must be shut, or the sender never ends.
            let _guard = wire::ShutOnUnwind(&ours);
            self.expect(wanted);
            sender.join().expect("writing does not panic")
        });
        self.note_written(bytes, &written);
        self
    }

    /// Expects exactly `wanted` as the next bytes.
    pub fn expect(&mut self, wanted: &[u8]) -> &mut Self {
        let (mut patience, mut same) = (Patience::new(), 0);
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
            let arrival = self.receive(&mut patience);
            if arrival != Arrival::Bytes {
                self.miss(wanted, &arrival);
            }
        }
    }

    /// Sends back `count` bytes as they come: an echo server that does not wait for the whole.
    pub fn echo(&mut self, count: usize) -> &mut Self {
        self.session.note(&self.name, Way::In, format!("echoes {}", count_of(count, "byte")));
        let (mut patience, mut echoed) = (Patience::new(), 0);
        while echoed < count {
            if self.inbox.is_empty() && self.receive(&mut patience) != Arrival::Bytes {
                let missing = count_of(count - echoed, "byte");
                let sentence = format!("The {} stopped sending: {missing} never came.", self.them);
                self.fail(sentence, format!("wanted {missing} more"));
            }
            let bytes: Vec<u8> = self.inbox.drain(..self.inbox.len().min(count - echoed)).collect();
            self.write(&bytes);
            echoed += bytes.len();
        }
        self
    }

    /// The next line, without its ending.
    pub fn line(&mut self) -> String {
        let (mut patience, mut seen) = (Patience::new(), 0);
        loop {
            if let Some(end) = self.inbox[seen..].iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.inbox.drain(..=seen + end).collect();
                return String::from_utf8_lossy(&line[..seen + end]).into_owned();
            }
            seen = self.inbox.len();
            let arrival = self.receive(&mut patience);
            if arrival != Arrival::Bytes {
                self.miss_line(&arrival);
            }
        }
    }

    /// All that comes until the program closes its side in order.
    pub fn rest(&mut self) -> Vec<u8> {
        let mut patience = Patience::new();
        loop {
            match self.receive(&mut patience) {
                Arrival::Bytes => (),
                Arrival::End => return std::mem::take(&mut self.inbox),
                arrival => self.no_end(&arrival),
            }
        }
    }

    /// Expects the orderly end (FIN), and no byte before it.
    pub fn expect_end(&mut self) -> &mut Self {
        let mut patience = Patience::new();
        loop {
            if !self.inbox.is_empty() {
                self.too_much();
            }
            match self.receive(&mut patience) {
                Arrival::Bytes => (),
                Arrival::End => return self,
                arrival => self.no_end(&arrival),
            }
        }
    }

    /// Expects the end, orderly or not, and no byte before it: a program that has not read what we
    /// sent may close with RST.
    pub fn expect_gone(&mut self) -> &mut Self {
        let arrival = self.receive(&mut Patience::new());
        if !self.inbox.is_empty() {
            self.too_much();
        }
        match arrival {
            Arrival::End | Arrival::Reset => self,
            arrival => self.no_end(&arrival),
        }
    }

    /// Expects that the connection is reset (RST); bytes may come before that.
    pub fn expect_reset(&mut self) -> &mut Self {
        let mut patience = Patience::new();
        let mut arrival = self.receive(&mut patience);
        while arrival == Arrival::Bytes {
            arrival = self.receive(&mut patience);
        }
        if arrival != Arrival::Reset {
            let sentence = format!("The {} did not reset the connection.", self.them);
            self.fail(sentence, "wanted: RST".to_owned());
        }
        self
    }

    /// Expects that the program, having done all it can with what it was sent, says nothing, and
    /// leaves the connection as it is.
    pub fn expect_silence(&mut self) -> &mut Self {
        let Link { ours, theirs, sent } = self.link;
        kernel::wait_until_arrived(ours, theirs, sent, Deadline::usual());
        self.session.wait_until_idle();
        let arrival = if self.inbox.is_empty() { self.look() } else { Arrival::Bytes };
        match arrival {
            Arrival::Nothing => self,
            Arrival::Bytes => self.too_much(),
            _ => self.not_silent(&arrival),
        }
    }

    /// Whether something has come that nobody has expected yet, or the end. Does not wait.
    pub fn has_heard(&mut self) -> bool {
        !self.inbox.is_empty() || self.look() != Arrival::Nothing
    }

    /// Closes our sending side (FIN): we have no more to say, and still listen. A peer that speaks
    /// TLS says close_notify before that; see also `cut`.
    pub fn half_close(&mut self) -> &mut Self {
        self.say_goodbye();
        self.session.note(&self.name, Way::In, "FIN");
        self.is_half_closed = true;
        // A connection that is gone already has nothing left to close.
        let _ = self.stream.shutdown(Shutdown::Write);
        self.link.wait_until_ended();
        self
    }

    /// Tears the connection down (RST), as a crashed or rude peer does.
    pub fn reset(mut self) {
        self.session.note(&self.name, Way::In, "RST");
        // Linger 0: close(2) discards what is queued and sends RST (socket(7), SO_LINGER).
        let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
        // What we have sent does not delay it.
        self.link.sent = 0;
    }

    /// Whether the connection still stands in the kernel's table on the program's side; `None`
    /// where the kernel cannot be asked.
    pub fn is_open_at_their_side(&self) -> Option<bool> {
        let Link { ours, theirs, .. } = self.link;
        let sockets = kernel::tcp_sockets()?;
        Some(sockets.iter().any(|socket| socket.local == theirs && socket.remote == ours))
    }
}
