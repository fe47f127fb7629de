//! Reading what a program prints, always, so that a full pipe never looks like a hang.

use super::deadline::Deadline;
use std::io::Read;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};

/// Most bytes kept of an output: enough for a 64 MiB message, and no flood fills our memory.
const KEPT: usize = 80 << 20;

/// A thread that reads one output to its end.
#[derive(Debug)]
pub struct Drain {
    shared: Arc<Shared>,
    reader: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    kept: Vec<u8>,
    total: usize,
    ended: bool,
}

impl Drain {
    pub fn of(mut output: impl Read + Send + 'static) -> Drain {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let reader = thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            loop {
                match output.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(count) => theirs.take(&buffer[..count]),
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => (),
                    Err(_) => break,
                }
            }
            theirs.lock().ended = true;
            theirs.changed.notify_all();
        });
        Drain { shared, reader: Mutex::new(Some(reader)) }
    }

    /// All that was printed so far.
    pub fn text(&self) -> Vec<u8> {
        self.shared.lock().kept.clone()
    }

    /// How many bytes were printed so far, kept or not.
    pub fn total(&self) -> usize {
        self.shared.lock().total
    }

    pub fn has_ended(&self) -> bool {
        self.shared.lock().ended
    }

    /// Waits until `found` finds something in what was printed, as long as there is progress.
    /// `None`: the output has ended, or has not changed for the usual deadline.
    pub fn wait_for<T>(&self, mut found: impl FnMut(&[u8]) -> Option<T>) -> Option<T> {
        let mut state = self.shared.lock();
        let mut deadline = Deadline::usual();
        loop {
            if let Some(value) = found(&state.kept) {
                return Some(value);
            }
            if state.ended || state.kept.len() >= KEPT {
                return None;
            }
            let before = state.total;
            let (next, _) = self
                .shared
                .changed
                .wait_timeout(state, deadline.left()?)
                .expect("no panic under the lock");
            state = next;
            if state.total > before {
                deadline = Deadline::usual();
            }
        }
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

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic under the lock")
    }

    fn take(&self, bytes: &[u8]) {
        let mut state = self.lock();
        let room = KEPT - state.kept.len();
        state.kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
        state.total += bytes.len();
        drop(state);
        self.changed.notify_all();
    }
}
