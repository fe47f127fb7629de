//! How many tests run at once: few that work, many that wait.
//!
//! Tests that work need a core; more of them than that only get in each other's way. But most
//! tests that fail wait for a deadline, and queueing for those would make a failing lab slow
//! to judge. So a test holds one of a few slots while it is young, and gives it back when it
//! has run for so long that it must be waiting.

use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

/// How long a test may hold its slot.
///
/// Most tests that pass are done in a tenth of this.
pub const PATIENCE: Duration = Duration::from_millis(300);

/// The slots that are free.
pub struct Slots {
    free: Mutex<usize>,
    freed: Condvar,
}

/// One slot, free again when this is dropped.
pub struct Slot<'slots>(&'slots Slots);

impl Slots {
    /// Two for each core: while one test waits for its program, another one works.
    pub fn for_this_machine() -> Slots {
        let cores = thread::available_parallelism().map_or(2, usize::from);
        Slots { free: Mutex::new(2 * cores), freed: Condvar::new() }
    }

    /// Waits for a slot.
    pub fn take(&self) -> Slot<'_> {
        let free = self.free.lock().expect("no thread panics with the lock");
        let mut free =
            self.freed.wait_while(free, |free| *free == 0).expect("no thread panics with the lock");
        *free -= 1;
        Slot(self)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().expect("no thread panics with the lock") += 1;
        self.0.freed.notify_one();
    }
}
