//! Bytes out and in, each with a deadline, all of them noted in the ladder.

use super::{Arrival, Peer, TlsEnd};
use crate::deadline::{Deadline, Patience, Pauses, poll_until};
use crate::ladder::Way;
use std::borrow::Cow;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// Most bytes that wait in an inbox to be expected: more than any test asks for.
const INBOX: usize = 128 << 20;

/// What writing has to tell to reading.
///
/// The system tells of a reset only once. If that is when we write, then reading looks like an
/// orderly end.
#[derive(Debug, Default)]
pub(super) struct Sending {
    is_under_way: AtomicBool,
    was_reset: AtomicBool,
}

impl Sending {
    pub fn begins(&self) {
        self.is_under_way.store(true, Ordering::SeqCst);
    }

    fn ends(&self) {
        self.is_under_way.store(false, Ordering::SeqCst);
    }

    /// Not after FIN: then a write is told of a broken pipe, and FIN is what came first.
    fn fails(&self, error: &io::Error) {
        if error.kind() == ErrorKind::ConnectionReset {
            self.was_reset.store(true, Ordering::SeqCst);
        }
    }
}

/// How far a write came.
pub(super) struct Written {
    pub count: usize,
    /// The program does not read, and the system holds no more for it.
    pub stuck: bool,
}

/// Writes as long as there is progress. A connection that breaks is no failure here: the next
/// expectation tells that, together with what was missed.
pub(super) fn write(mut stream: &TcpStream, bytes: &[u8], sending: &Sending) -> Written {
    let mut patience = Patience::new();
    sending.begins();
    let mut count = 0;
    while count < bytes.len() {
        let Some(left) = patience.left() else {
            sending.ends();
            return Written { count, stuck: true };
        };
        // Err means that the connection is broken (macOS says so here); then nothing waits.
        let _ = stream.set_write_timeout(Some(left));
        match stream.write(&bytes[count..]) {
            Ok(written) => {
                count += written;
                patience.renew();
            }
            Err(error) if is_a_wait(&error) => (),
            Err(error) => {
                sending.fails(&error);
                break;
            }
        }
    }
    sending.ends();
    Written { count, stuck: false }
}

impl Peer {
    pub(super) fn write(&mut self, bytes: &[u8]) {
        let encrypted = self.encrypted(bytes);
        self.write_raw(&encrypted);
    }

    /// `bytes` as they go over the wire.
    pub(super) fn encrypted<'a>(&mut self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        match &mut self.tls {
            Some(tls) => Cow::Owned(tls.encrypt(bytes)),
            None => Cow::Borrowed(bytes),
        }
    }

    /// With TLS, says that we have finished; without, FIN says it.
    pub(super) fn say_goodbye(&mut self) {
        if let Some(encrypted) = self.tls.as_mut().map(|tls| tls.close_notify()) {
            self.session.note(&self.name, Way::In, "close_notify");
            self.write_raw(&encrypted);
        }
    }

    pub(super) fn write_raw(&mut self, bytes: &[u8]) {
        let written = write(&self.stream, bytes, &self.sending);
        self.note_written(bytes, &written);
    }

    pub(super) fn note_written(&mut self, bytes: &[u8], written: &Written) {
        self.link.sent += written.count as u64;
        if written.stuck {
            self.stuck(bytes);
        }
    }

    /// Waits for the next bytes.
    pub(super) fn receive(&mut self, patience: &mut Patience) -> Arrival {
        if self.inbox.len() >= INBOX {
            self.flooded();
        }
        // It may have come together with the bytes before it.
        if let Some(end) = self.end_of_tls() {
            return end;
        }
        while let Some(arrival) = self.receive_once(patience) {
            // A part of a TLS record is nothing yet.
            if arrival != Arrival::Nothing || self.tls.is_none() {
                return arrival;
            }
        }
        // It may have come while this process had to wait for a CPU.
        self.look()
    }

    /// What the next read brings; `None` when the time is over.
    pub(super) fn receive_once(&mut self, patience: &mut Patience) -> Option<Arrival> {
        let (mut buffer, mut pauses) = (vec![0; 64 * 1024], Pauses::new());
        while let Some(left) = patience.left_unless(|| self.session.waits_for_a_disk()) {
            // Err means that the connection is broken (macOS says so here); then nothing waits.
            let _ = self.stream.set_read_timeout(Some(left.min(pauses.next())));
            match self.stream.read(&mut buffer) {
                // A thread that came to a `todo!` may leave its connection open: for ever.
                Err(error) if is_a_wait(&error) && self.session.has_met_its_step() => break,
                Err(error) if is_a_wait(&error) => (),
                read => {
                    patience.renew();
                    return Some(self.arrived(read, &buffer));
                }
            }
        }
        None
    }

    /// Takes what is there already, without waiting.
    pub(super) fn look(&mut self) -> Arrival {
        let mut buffer = vec![0; 64 * 1024];
        self.stream.set_nonblocking(true).expect("every socket can be made non-blocking");
        let read = self.stream.read(&mut buffer);
        self.stream.set_nonblocking(false).expect("every socket can block");
        self.arrived(read, &buffer)
    }

    /// Writes what fits now. If nothing does, it waits until the program has done all that it
    /// can, and tries once more. `None`: it is stuck, or gone.
    pub(super) fn push(&mut self, chunk: &[u8]) -> Option<usize> {
        self.stream.set_nonblocking(true).expect("every socket can be made non-blocking");
        let mut written = self.stream.write(chunk);
        if matches!(&written, Err(error) if is_a_wait(error)) {
            self.session.wait_until_idle();
            written = self.stream.write(chunk);
        }
        self.stream.set_nonblocking(false).expect("every socket can block");
        let written = written.inspect_err(|error| self.sending.fails(error)).ok();
        self.link.sent += written.unwrap_or(0) as u64;
        written
    }

    fn arrived(&mut self, read: io::Result<usize>, buffer: &[u8]) -> Arrival {
        match read {
            Ok(0) if self.was_reset() => self.note_reset(),
            Ok(0) => {
                self.session.note(&self.name, Way::Out, "FIN");
                if self.tls.is_some() { Arrival::Cut } else { Arrival::End }
            }
            Ok(count) if self.tls.is_some() => self.decrypt(&buffer[..count]),
            Ok(count) => {
                self.session.ladder().bytes(&self.name, Way::Out, &buffer[..count]);
                self.inbox.extend_from_slice(&buffer[..count]);
                Arrival::Bytes
            }
            Err(error) if is_reset(&error) => self.note_reset(),
            Err(_) => Arrival::Nothing,
        }
    }

    fn note_reset(&self) -> Arrival {
        self.session.note(&self.name, Way::Out, "RST");
        Arrival::Reset
    }

    /// Whether what looks like an orderly end is a reset, of which a write was told.
    fn was_reset(&self) -> bool {
        // An end of one direction leaves us a peer; a reset does not, and then it is told at once.
        let is_gone = !self.is_half_closed && self.stream.peer_addr().is_err();
        let is_told = || !self.sending.is_under_way.load(Ordering::SeqCst);
        is_gone
            && poll_until(Deadline::usual(), is_told)
            && self.sending.was_reset.load(Ordering::SeqCst)
    }
}

impl Peer {
    /// Decrypts what came, and answers what TLS itself wants answered.
    pub(super) fn decrypt(&mut self, encrypted: &[u8]) -> Arrival {
        let Some(tls) = &mut self.tls else { return Arrival::Nothing };
        let decrypted = tls.decrypt(encrypted);
        self.write_raw(&decrypted.reply);
        if !decrypted.bytes.is_empty() {
            self.session.ladder().bytes(&self.name, Way::Out, &decrypted.bytes);
        }
        if let Some(label) = decrypted.end {
            self.session.note(&self.name, Way::Out, label);
        }
        if decrypted.bytes.is_empty() {
            return self.end_of_tls().unwrap_or(Arrival::Nothing);
        }
        self.inbox.extend_from_slice(&decrypted.bytes);
        Arrival::Bytes
    }

    /// How TLS ended, if it has.
    fn end_of_tls(&self) -> Option<Arrival> {
        match self.tls.as_ref()?.end()? {
            TlsEnd::Closed => Some(Arrival::End),
            TlsEnd::Refused => Some(Arrival::Refused),
        }
    }
}

/// Not an end: a signal came, or the time is over (which Unix calls "would block").
fn is_a_wait(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Connection errors that tests care to tell apart.
fn is_reset(error: &io::Error) -> bool {
    use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    matches!(error.kind(), ConnectionReset | ConnectionAborted | BrokenPipe)
}

/// Closes a connection when an expectation unwinds, so that nobody writes to it for ever.
pub(super) struct ShutOnUnwind<'a>(pub &'a TcpStream);

impl Drop for ShutOnUnwind<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.0.shutdown(Shutdown::Both);
        }
    }
}
