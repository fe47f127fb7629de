//! Whether threads of a process wait for a lock that none of them releases:
//! `/proc/PID/task/TID/syscall` (proc(5)).
//!
//! ```text
//!   202 0x7f01c8000b70 0x89 0x2 0x0 ...      futex(2): address, operation, value, timeout
//! ```
//!
//! A `Mutex` of std, and one of glibc, is a number: 0 is free, 1 is locked, 2 is locked with threads
//! that wait. So a thread that waits for a lock waits while the number is 2, and without a timeout.
//! A thread that waits for a message or for another thread waits for another number, and may well
//! hold the lock meanwhile: workers may share a queue like that. Then nothing is said.
//!
//! A `Condvar` of std is the number of its notifications. After two of them it looks like a lock. So
//! threads that all wait at one address only probably wait for a lock.

use super::LockWait;
use super::threads::{Task, tasks};
use nix::libc;
use std::collections::BTreeSet;
use std::fs;

/// Of the operation of futex(2): `FUTEX_WAIT` and `FUTEX_WAIT_BITSET`, without their flags.
const WAITS: [u64; 2] = [libc::FUTEX_WAIT as u64, libc::FUTEX_WAIT_BITSET as u64];
const FLAGS: u64 = (libc::FUTEX_PRIVATE_FLAG | libc::FUTEX_CLOCK_REALTIME) as u64;

/// A lock that is held, and that a thread waits for.
const CONTENDED: u64 = 2;

/// The thread of the crate `ctrlc`, which waits until a signal comes (sem_wait(3), which is futex(2)).
const SIGNAL_THREAD: &str = "ctrl-c";

/// What a thread that sleeps waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wait {
    /// A lock at this address, which another thread holds, or it itself.
    Lock(u64),
    /// A client to accept, or a signal. Our programs hold no lock meanwhile.
    Event,
    /// A peer, a file or a child. It may hold a lock meanwhile, and should not.
    System,
    /// A message or another thread, or something that `/proc` does not show.
    Unknown,
}

/// The threads of `pid` that wait for a lock. `None`: there are none, or the lock may be held for a
/// good reason, or the kernel does not answer.
pub fn lock_wait(pid: u32) -> Option<LockWait> {
    let before: Vec<_> = tasks(pid).collect();
    let waits: Vec<Wait> = before.iter().map(|task| wait_of(pid, task.id())).collect();
    // Two equal looks, with no time spent on a CPU between them, are a snapshot.
    let is_asleep = before.iter().all(Task::is_asleep) && tasks(pid).eq(before);
    is_asleep.then(|| lock_wait_among(&waits)).flatten()
}

fn lock_wait_among(waits: &[Wait]) -> Option<LockWait> {
    let lock = |wait: &Wait| if let Wait::Lock(address) = wait { Some(*address) } else { None };
    let locks: Vec<u64> = waits.iter().filter_map(lock).collect();
    let is_certain = locks.iter().collect::<BTreeSet<_>>().len() > 1;
    let (threads, is_deadlock) = (locks.len(), !waits.contains(&Wait::System));
    let is_known = threads > 0 && !waits.contains(&Wait::Unknown);
    is_known.then_some(LockWait { threads, is_deadlock, is_certain })
}

fn wait_of(pid: u32, id: u32) -> Wait {
    let read = |name| fs::read_to_string(format!("/proc/{pid}/task/{id}/{name}"));
    let (Ok(call), Ok(name)) = (read("syscall"), read("comm")) else { return Wait::Unknown };
    wait_in(&call, id == pid, name.trim_end())
}

/// `call` is a line of the file `syscall`: the number of the system call, and six arguments. It is
/// negative if the thread is in none.
fn wait_in(call: &str, is_main: bool, thread_name: &str) -> Wait {
    let mut words = call.split_whitespace();
    let number: i64 = words.next().and_then(|word| word.parse().ok()).unwrap_or(-1);
    let hex = |word: &str| u64::from_str_radix(word.trim_start_matches("0x"), 16).ok();
    let arguments: Vec<u64> = words.map_while(hex).collect();
    match number {
        libc::SYS_futex if is_for_a_lock(&arguments) => Wait::Lock(arguments[0]),
        _ if thread_name == SIGNAL_THREAD => Wait::Event,
        libc::SYS_futex | ..0 => Wait::Unknown,
        libc::SYS_accept4 if is_main => Wait::Event,
        // A worker that accepts may hold the lock of a shared listener, with good reason.
        libc::SYS_accept4 => Wait::Unknown,
        _ => Wait::System,
    }
}

/// The arguments of futex(2): address, operation, value, timeout, and more.
fn is_for_a_lock(arguments: &[u64]) -> bool {
    let [_, operation, value, timeout, ..] = arguments else { return false };
    WAITS.contains(&(operation & !FLAGS)) && *value == CONTENDED && *timeout == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn futex(arguments: &str) -> Wait {
        let line = format!("{} 0x7f01c8000b70 {arguments} 0x0 0xffffffff 0x7ffe", libc::SYS_futex);
        wait_in(&line, false, "worker 1")
    }

    fn call(number: i64, is_main: bool, thread_name: &str) -> Wait {
        wait_in(&format!("{number} 0x3 0x7ffe 0x1 0x0 0x0 0x0 0x7ffe 0x7f50"), is_main, thread_name)
    }

    #[test]
    fn a_thread_waits_for_a_lock_only_with_its_number_and_without_a_timeout() {
        let lock = Wait::Lock(0x7f01_c800_0b70);
        assert_eq!(futex("0x89 0x2 0x0"), lock); // Mutex of std
        assert_eq!(futex("0x80 0x2 0x0"), lock); // pthread_mutex_lock(3)
        assert_eq!(futex("0x89 0xffffffff 0x0"), Wait::Unknown); // thread::park
        assert_eq!(futex("0x109 0x4d2 0x0"), Wait::Unknown); // pthread_join(3)
        assert_eq!(futex("0x89 0x2 0x7f0a"), Wait::Unknown); // with a timeout
        assert_eq!(futex("0x81 0x2 0x0"), Wait::Unknown); // FUTEX_WAKE
    }

    #[test]
    fn other_system_calls_wait_for_something_else() {
        assert_eq!(call(libc::SYS_accept4, true, "lab02"), Wait::Event);
        assert_eq!(call(libc::SYS_accept4, false, "worker 1"), Wait::Unknown);
        assert_eq!(call(libc::SYS_futex, false, "ctrl-c"), Wait::Event);
        assert_eq!(call(libc::SYS_recvfrom, false, "worker 1"), Wait::System);
        for nothing in ["running\n", "-1 0x7ffe 0x7f50\n", ""] {
            assert_eq!(wait_in(nothing, true, "lab02"), Wait::Unknown);
        }
    }

    #[test]
    fn it_is_a_deadlock_only_if_no_other_thread_may_hold_the_lock() {
        use Wait::{Event, Lock, System, Unknown};
        let found = |waits: &[Wait]| {
            lock_wait_among(waits)
                .map(|LockWait { threads, is_deadlock, .. }| (threads, is_deadlock))
        };
        assert_eq!(found(&[Event, Event, Lock(1)]), Some((1, true)));
        assert_eq!(found(&[Lock(1), Lock(2)]), Some((2, true)));
        assert_eq!(found(&[Event, Lock(1), System]), Some((1, false)));
        // Workers that share the receiver of a queue: one waits for a client, with the lock.
        assert_eq!(found(&[Event, Lock(1), Lock(1), Unknown]), None);
        assert_eq!(found(&[Event, System]), None);
    }

    #[test]
    fn threads_that_wait_at_one_address_may_wait_for_a_condition() {
        use Wait::{Event, Lock};
        let is_certain = |waits: &[Wait]| lock_wait_among(waits).map(|wait| wait.is_certain);
        assert_eq!(is_certain(&[Event, Lock(1)]), Some(false));
        assert_eq!(is_certain(&[Lock(1), Lock(1)]), Some(false));
        assert_eq!(is_certain(&[Lock(1), Lock(2), Lock(1)]), Some(true));
    }
}
