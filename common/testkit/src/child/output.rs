//! Reading what a program prints, always, so that a full pipe never looks like a hang.

use crate::linux::OwnThread;
use crate::time::ProgressDeadline;
use report::bytes::{Difference, show, show_in_row};
use std::io::{self, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{Builder, JoinHandle};

/// Bytes kept of the beginning of an output, if the test does not ask for more.
pub const KEPT: usize = 1 << 20;

/// Bytes kept of the end of a flood, because a program reports there why it died.
const TAIL: usize = 64 * 1024;

/// Bytes of the beginning and of the end that are at hand to show.
const SHOWN: usize = 64;

/// A thread that reads one output to its end.
#[derive(Debug)]
pub struct OutputReader {
    shared: Arc<Shared>,
    thread: OwnThread,
    reader: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Shared {
    limit: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    kept: Vec<u8>,
    /// What came after `kept` was full: the end of it.
    tail: Vec<u8>,
    total: usize,
    ended: bool,
}

impl OutputReader {
    /// Reads `output`, and keeps `limit` bytes of its beginning.
    ///
    /// # Errors
    ///
    /// The system has no thread to give.
    pub fn keeping(limit: usize, output: impl Read + Send + 'static) -> io::Result<OutputReader> {
        let shared = Arc::new(Shared { limit, state: Mutex::default(), changed: Condvar::new() });
        let thread = OwnThread::default();
        let reader = Builder::new().spawn({
            let (shared, thread) = (Arc::clone(&shared), thread.clone());
            move || {
                thread.register();
                shared.take_all(output);
            }
        })?;
        Ok(OutputReader { shared, thread, reader: Mutex::new(Some(reader)) })
    }

    /// The output so far; of a flood, the beginning and the end.
    pub fn text(&self) -> Vec<u8> {
        let state = self.shared.lock();
        let gap: &[u8] = if state.is_cut() { b"\n...\n" } else { b"" };
        [&state.kept, gap, &state.tail].concat()
    }

    /// The output from byte `from` on, as a person reads it.
    pub fn shown_from(&self, from: usize) -> String {
        let state = self.shared.lock();
        let kept = &state.kept[from.min(state.kept.len())..];
        if !state.is_cut() {
            return show(&[kept, &state.tail].concat());
        }
        let head: Vec<u8> = kept.iter().chain(&state.tail).take(SHOWN).copied().collect();
        let tail = &state.tail[state.tail.len() - SHOWN..];
        show_in_row(&head, tail, state.total - from, usize::MAX)
    }

    /// How the output from byte `from` on differs from `wanted`.
    pub fn difference_from(&self, from: usize, wanted: &[u8]) -> Difference {
        let state = self.shared.lock();
        if state.is_cut() {
            drop(state);
            let (received, expected) = (self.shown_from(from), show(wanted));
            return Difference { received, expected, at: None };
        }
        let kept = &state.kept[from.min(state.kept.len())..];
        Difference::between(&[kept, &state.tail].concat(), wanted)
    }

    /// Whether more was printed than any test expects.
    pub fn is_flood(&self) -> bool {
        self.total() >= self.shared.limit.max(1)
    }

    /// How many bytes of the beginning are kept.
    pub fn limit(&self) -> usize {
        self.shared.limit
    }

    /// The thread that reads. When it sleeps, the whole output is here.
    pub fn thread(&self) -> &OwnThread {
        &self.thread
    }

    /// How many bytes were printed so far, kept or not.
    pub fn total(&self) -> usize {
        self.shared.lock().total
    }

    pub fn has_ended(&self) -> bool {
        self.shared.lock().ended
    }

    /// Waits until `found` finds something in the output, as long as there is progress, or a
    /// process `is_slow`. `None`: the output has ended, or does not change, or goes on and on.
    pub fn wait_for<T>(
        &self,
        mut deadline: ProgressDeadline,
        is_slow: impl Fn() -> bool,
        mut found: impl FnMut(&[u8]) -> Option<T>,
    ) -> Option<T> {
        let mut state = self.shared.lock();
        loop {
            if let Some(value) = found(&state.kept) {
                return Some(value);
            }
            if state.ended || state.kept.len() >= self.shared.limit {
                return None;
            }
            let before = state.total;
            // Not under the lock: `is_slow` looks at the output, too.
            drop(state);
            let left = deadline.left_unless(&is_slow)?;
            state = self.shared.lock();
            if state.total == before && !state.ended {
                let waited = self.shared.changed.wait_timeout(state, left);
                state = waited.expect("no panic under the lock").0;
            }
            if state.total > before {
                deadline.renew();
            }
        }
    }

    /// The line that begins at byte `from`, without its ending. `None`: no whole line came.
    pub fn line(
        &self,
        deadline: ProgressDeadline,
        is_slow: impl Fn() -> bool,
        from: usize,
    ) -> Option<Vec<u8>> {
        let mut searched = from;
        self.wait_for(deadline, is_slow, |all| {
            let length = all[searched..].iter().position(|byte| *byte == b'\n');
            let line = length.map(|length| all[from..searched + length].to_vec());
            searched = all.len();
            line
        })
    }

    /// Waits for the end of an output whose program is gone.
    pub fn join(&self) {
        let reader = self.reader.lock().expect("no panic under the lock").take();
        if let Some(reader) = reader {
            // It cannot panic; and if it did, what it kept is still here.
            let _ = reader.join();
        }
    }
}

/// An output of which only the first line is read.
#[derive(Debug)]
pub struct FirstLine<R>(pub Option<R>);

impl<R: Read> Read for FirstLine<R> {
    /// Byte by byte, and the pipe is closed before a test sees that the line is complete.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(output) = &mut self.0 else {
            return Ok(0);
        };
        let count = output.read(&mut buffer[..1])?;
        if count == 0 || buffer[0] == b'\n' {
            self.0 = None;
        }
        Ok(count)
    }
}

impl State {
    /// Whether bytes between `kept` and `tail` are gone. Then `tail` has its full length.
    fn is_cut(&self) -> bool {
        self.total > self.kept.len() + self.tail.len()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic under the lock")
    }

    /// Reads `output` to its end.
    fn take_all(&self, mut output: impl Read) {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match output.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => self.take(&buffer[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
                Err(_) => break,
            }
        }
        self.lock().ended = true;
        self.changed.notify_all();
    }

    fn take(&self, bytes: &[u8]) {
        let mut state = self.lock();
        let room = self.limit - state.kept.len();
        let (first, rest) = bytes.split_at(bytes.len().min(room));
        state.kept.extend_from_slice(first);
        state.tail.extend_from_slice(rest);
        let too_old = state.tail.len().saturating_sub(TAIL);
        state.tail.drain(..too_old);
        state.total += bytes.len();
        drop(state);
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn of_a_flood_the_beginning_and_the_end_are_kept() {
        let flood = io::repeat(b'x').take(1 << 20).chain(io::Cursor::new(b"the end"));
        let reader = OutputReader::keeping(10, io::Cursor::new(b"begin").chain(flood));
        let reader = reader.expect("there is a thread");
        reader.join();
        let text = reader.text();
        assert_eq!(reader.total(), (1 << 20) + 12);
        assert!(text.starts_with(b"beginxxxxx\n...\nxxx"), "{}", text.escape_ascii());
        assert!(text.ends_with(b"xthe end"));
        assert!(text.len() < TAIL + 20);
        assert_eq!(reader.shown_from(0), "\"beginxxx…xthe end\" (1,048,588 bytes)");
        assert_eq!(reader.shown_from(9), "\"xxxxxxxx…xthe end\" (1,048,579 bytes)");
    }

    #[test]
    fn an_output_that_is_full_is_not_waited_for() {
        // Endless output without the wanted words.
        let reader = OutputReader::keeping(10, io::repeat(b'x').take(1 << 20));
        let reader = reader.expect("there is a thread");
        assert_eq!(
            reader.wait_for(
                ProgressDeadline::new(),
                || false,
                |all| all.contains(&b'y').then_some(())
            ),
            None
        );
    }
}
