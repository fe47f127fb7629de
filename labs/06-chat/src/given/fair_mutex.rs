//! A fair lock (given): threads get it in the order in which they ask for it.
//!
//! `std::sync::Mutex` is not fair. A thread that releases it and asks again gets it again, because
//! a sleeping thread needs some microseconds to wake. So a member that speaks without a pause would
//! keep the lock from all other members. And a program that wrongly takes the lock twice for one
//! event would fail once in a thousand runs. With this lock it fails in every run.
//!
//! ```text
//!   asks:    A  B  C  A          the second turn of A comes behind the turns of B and C
//!   waiting: [ A | B | C | A ]   the first has the lock, all others sleep
//! ```

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard};
use std::thread::{self, Thread};

/// A value that one thread at a time can use.
#[derive(Debug)]
pub struct FairMutex<T> {
    /// The thread that has the lock, and behind it those that wait, in the order of asking.
    turns: Mutex<VecDeque<Thread>>,
    /// Locked by the first in `turns` only.
    value: Mutex<T>,
}

/// The right to use the value. It ends when the guard is dropped.
#[derive(Debug)]
pub struct FairMutexGuard<'mutex, T> {
    /// The lock of the value. A field is dropped before the fields below it, so the value is
    /// unlocked before the next turn begins.
    value: MutexGuard<'mutex, T>,
    _turn: Turn<'mutex>,
}

/// A thread's place in the order. Its drop wakes the next thread.
#[derive(Debug)]
struct Turn<'mutex>(&'mutex Mutex<VecDeque<Thread>>);

impl<T> FairMutex<T> {
    /// An unlocked mutex that holds `value`.
    pub fn new(value: T) -> FairMutex<T> {
        FairMutex { turns: Mutex::default(), value: Mutex::new(value) }
    }

    /// Waits for its turn, and locks.
    ///
    /// # Panics
    ///
    /// When this thread has the lock already. It would wait for itself for ever.
    #[track_caller]
    pub fn lock(&self) -> FairMutexGuard<'_, T> {
        let holder = lock(&self.turns).front().map(Thread::id);
        assert!(
            holder != Some(thread::current().id()),
            "this thread has the lock already, and would wait for itself for ever"
        );
        let turn = Turn::wait(&self.turns);
        FairMutexGuard { value: self.value.lock().expect("no panic under the lock"), _turn: turn }
    }
}

impl Turn<'_> {
    fn wait(turns: &Mutex<VecDeque<Thread>>) -> Turn<'_> {
        let this = thread::current();
        let is_first =
            |turns: &VecDeque<Thread>| turns.front().is_some_and(|first| first.id() == this.id());
        lock(turns).push_back(this.clone());
        // In a loop, because park may return for no reason.
        while !is_first(&lock(turns)) {
            thread::park();
        }
        Turn(turns)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        {
            let mut turns = lock(self.0);
            turns.pop_front();
            if let Some(next) = turns.front() {
                next.unpark();
            }
        }
        // On one CPU, a thread that does not ask yet has its turn now.
        thread::yield_now();
    }
}

impl<T> Deref for FairMutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for FairMutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

/// Each thread holds this lock for one line, and none of these lines panics.
fn lock(turns: &Mutex<VecDeque<Thread>>) -> MutexGuard<'_, VecDeque<Thread>> {
    turns.lock().expect("no panic under the lock")
}
