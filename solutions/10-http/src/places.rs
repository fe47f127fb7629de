//! Step deadlines: a limited number of clients.
//!
//! ```text
//!   enter ─▶ Some(Place)   served, and the place is free again when it is dropped
//!         └▶ None          503, because an answer is better than a silent wait
//! ```

use std::sync::Mutex;

/// Places for clients.
#[derive(Debug)]
pub struct Places {
    /// How many are free. Held for a moment only.
    free: Mutex<usize>,
}

/// The place of one client. It is free again when this is dropped.
#[derive(Debug)]
pub struct Place<'a>(&'a Places);

impl Places {
    /// This many places. (Given.)
    pub fn new(count: usize) -> Places {
        Places { free: Mutex::new(count) }
    }

    /// Takes a place, if one is free.
    ///
    /// # Contract
    ///
    /// * `None` if no place is free. It does not wait.
    /// * Two threads never get the same place.
    pub fn enter(&self) -> Option<Place<'_>> {
        let mut free = self.free.lock().expect("no panic under the lock");
        *free = free.checked_sub(1)?;
        Some(Place(self))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().expect("no panic under the lock") += 1;
    }
}
