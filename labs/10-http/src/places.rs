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

    /// Takes a place, if one is free, and does not wait for one. (Given.)
    pub fn enter(&self) -> Option<Place<'_>> {
        // One lock for the look and for the change. Between two locks, another thread could take
        // the last place.
        let mut free = self.free.lock().expect("no panic under the lock");
        take(&mut free).then(|| Place(self))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().expect("no panic under the lock") += 1;
    }
}

/// Takes one of `free` places.
///
/// # Contract
///
/// * `true`: there is one free place less.
/// * `false`: no place was free, and nothing changes.
///
/// # Steps
///
/// 1. Return `false` for 0, because there is no number below it.
/// 2. Subtract 1.
pub fn take(free: &mut usize) -> bool {
    // Given, so that earlier steps run.
    if *free > 1 {
        *free -= 1;
        return true;
    }
    todo!("lab10, step deadlines: take")
}
