//! Bytes out and in, each with a deadline, all of them noted in the ladder.

use super::peer::{Arrival, Peer};
use super::sending::{Written, is_a_wait, is_reset, write};
use super::tls_layer::TlsEnd;
use crate::linux::{self, Unread};
use crate::time::{Backoff, Deadline, ProgressDeadline, poll_until};
use report::{Direction, Event};
#[cfg(target_os = "linux")]
use socket2::SockRef;
use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::mem;
use std::time::{Duration, Instant};

/// Most bytes that a peer keeps where the test does not say how many it expects.
const INBOX: usize = 8 << 20;

/// Longer than the kernel delays an acknowledgement (40 ms). A segment that our full buffer drops may
/// not be acknowledged at all. Then a program has stopped reading if no look in this time finds a change.
const QUIET: Duration = Duration::from_millis(60);

impl Peer {
    pub(super) fn write(&mut self, bytes: &[u8]) {
        let encrypted = self.encrypted(bytes);
        self.trace_sent(bytes, &encrypted);
        self.write_to_socket(&encrypted);
    }

    /// `bytes` as they go over the wire.
    pub(super) fn encrypted<'a>(&mut self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        match &mut self.tls {
            Some(tls) => Cow::Owned(tls.encrypt(bytes)),
            None => Cow::Borrowed(bytes),
        }
    }

    /// With TLS, says that we have finished; without, FIN says it.
    pub(super) fn send_close_notify(&mut self) {
        if let Some(encrypted) = self.tls.as_mut().map(|tls| tls.close_notify()) {
            self.party.note(Direction::ToProgram, "close_notify");
            self.trace(Direction::ToProgram, Event::CloseNotify);
            self.write_raw(&encrypted);
        }
    }

    /// Writes what TLS itself has to send.
    pub(super) fn write_raw(&mut self, bytes: &[u8]) {
        self.trace_sent(&[], bytes);
        self.write_to_socket(bytes);
    }

    fn write_to_socket(&mut self, bytes: &[u8]) {
        let written = write(&self.stream, bytes, &self.sending);
        self.note_written(bytes, &written);
    }

    pub(super) fn note_written(&mut self, bytes: &[u8], written: &Written) {
        self.link.sent += written.count as u64;
        if written.stuck {
            self.stuck(bytes);
        }
    }

    /// Waits for the next bytes of an answer of any length. A program that sends for ever must not
    /// fill our memory.
    pub(super) fn receive_more(&mut self, deadline: &mut ProgressDeadline) -> Arrival {
        if self.inbox.len() >= INBOX {
            self.flooded(self.inbox.len() as u64);
        }
        self.receive(deadline)
    }

    /// Waits for the next bytes. The caller takes them from the inbox, or knows how many it expects.
    pub(super) fn receive(&mut self, deadline: &mut ProgressDeadline) -> Arrival {
        // It may have come together with the bytes before it.
        if let Some(end) = self.end_of_tls() {
            return end;
        }
        while let Some(arrival) = self.receive_once(deadline) {
            // A part of a TLS record is nothing yet.
            if arrival != Arrival::Nothing || self.tls.is_none() {
                return arrival;
            }
        }
        // It may have come while this process had to wait for a CPU.
        self.look()
    }

    /// What the next read brings; `None` when the time is over.
    pub(super) fn receive_once(&mut self, deadline: &mut ProgressDeadline) -> Option<Arrival> {
        let (mut buffer, mut pauses) = (vec![0; 64 * 1024], Backoff::new());
        while let Some(left) = deadline.left_unless(|| self.party.context.is_slow()) {
            // Err means that the connection is broken (macOS says so here); then nothing waits.
            let _ = self.stream.set_read_timeout(Some(left.min(pauses.next())));
            match self.stream.read(&mut buffer) {
                // A thread that came to a `todo!` may leave its connection open: for ever.
                Err(error)
                    if is_a_wait(&error) && self.party.context.has_met_an_unwritten_step() =>
                {
                    break;
                }
                Err(error) if is_a_wait(&error) => (),
                read => {
                    deadline.renew();
                    return Some(self.arrived(read, &buffer));
                }
            }
        }
        None
    }

    /// Takes the bytes that have arrived already, without waiting.
    pub(super) fn look(&mut self) -> Arrival {
        let mut buffer = vec![0; 64 * 1024];
        self.stream.set_nonblocking(true).expect("every socket can be made non-blocking");
        let read = self.stream.read(&mut buffer);
        self.stream.set_nonblocking(false).expect("every socket can block");
        self.arrived(read, &buffer)
    }

    /// Writes what fits now. If nothing does, it tries again until the program has stopped reading.
    /// `None`: it has, or the connection is gone.
    pub(super) fn push(&mut self, chunk: &[u8]) -> Option<usize> {
        let mut written = self.write_now(chunk);
        let is_full = |written: &io::Result<usize>| written.as_ref().is_err_and(is_a_wait);
        let mut last = None;
        let mut changed = Instant::now();
        poll_until(ProgressDeadline::new().total(), || {
            if !is_full(&written) {
                return true;
            }
            let unread = self.unread_by_program();
            if unread.is_none() {
                written = self.write_now(chunk);
            }
            // On a busy machine one look may take longer than `QUIET`, and so may a pause between two.
            let found = Some((unread, self.inbox.len()));
            if mem::replace(&mut last, found) == found {
                return unread.is_some() || changed.elapsed() >= QUIET;
            }
            changed = Instant::now();
            false
        });
        let written = written.inspect_err(|error| self.sending.fails(error)).ok();
        self.trace_sent(&[], &chunk[..written.unwrap_or(0)]);
        self.link.sent += written.unwrap_or(0) as u64;
        written
    }

    fn write_now(&mut self, chunk: &[u8]) -> io::Result<usize> {
        self.stream.set_nonblocking(true).expect("every socket can be made non-blocking");
        let written = self.stream.write(chunk);
        self.stream.set_nonblocking(false).expect("every socket can block");
        written
    }

    /// What the program has not read although it is idle. Two equal results say that it has stopped
    /// reading. `None` while it may go on by itself: it is busy, or an acknowledgement from us may make
    /// room for its next write, or our window is open.
    ///
    /// A kernel sends nothing into a window that is smaller than its next segment, and tries it a fifth
    /// of a second later (RFC 9293, section 3.8.6.2.1). So we read until its segments fill the window.
    fn unread_by_program(&mut self) -> Option<Unread> {
        self.acknowledge();
        if !self.party.context.wait_until_idle() {
            return None;
        }
        let unread = linux::unread(self.link.ours, self.link.theirs)?;
        if unread.window > 0 {
            self.look();
            return None;
        }
        Some(unread)
    }

    /// Sends the acknowledgement that our kernel delays, where it can be told to (Linux, tcp(7)).
    fn acknowledge(&self) {
        #[cfg(target_os = "linux")]
        let _ = SockRef::from(&self.stream).set_tcp_quickack(true);
    }

    fn arrived(&mut self, read: io::Result<usize>, buffer: &[u8]) -> Arrival {
        match read {
            Ok(0) if self.was_reset() => self.note_reset(),
            Ok(0) => {
                self.note_end(Arrival::End, "FIN", Event::Fin);
                if self.tls.is_some() { Arrival::Cut } else { Arrival::End }
            }
            Ok(count) if self.tls.is_some() => self.decrypt(&buffer[..count]),
            Ok(count) => {
                self.party.note_bytes(Direction::FromProgram, &buffer[..count]);
                self.trace_received(&[], &buffer[..count]);
                self.inbox.extend_from_slice(&buffer[..count]);
                Arrival::Bytes
            }
            Err(error) if is_reset(&error) => self.note_reset(),
            Err(_) => Arrival::Nothing,
        }
    }

    pub(super) fn note_reset(&mut self) -> Arrival {
        self.note_end(Arrival::Reset, "RST", Event::Reset);
        Arrival::Reset
    }

    fn note_end(&mut self, end: Arrival, label: &str, event: Event) {
        if self.noted_end.replace(end) != Some(end) {
            self.party.note(Direction::FromProgram, label);
            self.trace(Direction::FromProgram, event);
        }
    }

    /// Whether what looks like an orderly end is a reset that an earlier read or write was told of.
    fn was_reset(&self) -> bool {
        if self.noted_end == Some(Arrival::Reset) || self.sending.was_reset() {
            return true;
        }
        // An end of one direction leaves us a peer; a reset does not, and then it is told at once.
        let is_gone = !self.is_half_closed && self.stream.peer_addr().is_err();
        is_gone
            && poll_until(Deadline::usual(), || self.sending.has_ended())
            && self.sending.was_reset()
    }

    /// Decrypts what came, and answers what TLS itself wants answered.
    pub(super) fn decrypt(&mut self, encrypted: &[u8]) -> Arrival {
        let Some(tls) = &mut self.tls else { return Arrival::Nothing };
        let decrypted = tls.decrypt(encrypted);
        self.trace_received(&decrypted.bytes, encrypted);
        self.trace_tls_secrets();
        self.write_raw(&decrypted.reply);
        if !decrypted.bytes.is_empty() {
            self.party.note_bytes(Direction::FromProgram, &decrypted.bytes);
        }
        if let Some(label) = decrypted.end {
            self.party.note(Direction::FromProgram, label);
            if matches!(self.end_of_tls(), Some(Arrival::End)) {
                self.trace(Direction::FromProgram, Event::CloseNotify);
            }
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
            TlsEnd::Refused { .. } => Some(Arrival::Refused),
        }
    }
}
