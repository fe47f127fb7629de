//! What the kernel says of another process and its sockets. Elsewhere than on Linux there is a
//! pause instead, or no answer.
//!
//! | module | source |
//! | --- | --- |
//! | `sock_diag` | sock_diag(7): one socket, by its addresses |
//! | `queues` | waits on what `sock_diag` says: was it read, accepted, closed? |
//! | `stranger` | `/proc/PID/fd`: is a connection the program's? |
//! | `threads` | `/proc/PID/task`: the state of each thread, and how long it has run |
//! | `idle` | the same, twice: do all threads sleep? |
//! | `activity` | the same, and times on a processor: does it compute, or where does it sleep? |
//! | `deadlock` | `/proc/PID/task/TID/syscall`: do threads wait for a lock? |
//! | `processes` | cgroups(7): how many processes may still start? |
//! | `resources` | `/proc/PID/status`: threads, descriptors, memory |

#[cfg(target_os = "linux")]
mod activity;
#[cfg(target_os = "linux")]
mod deadlock;
mod idle;
mod processes;
mod queues;
mod resources;
mod sock_diag;
mod stranger;
mod threads;

#[cfg(target_os = "linux")]
pub(crate) use activity::{Activity, activity};
#[cfg(target_os = "linux")]
pub(crate) use deadlock::lock_wait;
pub(crate) use idle::{looks_idle, wait_until_idle, wait_until_settled};
pub(crate) use processes::processes_left;
pub(crate) use queues::{
    Unread, backlog, data_segments, is_open, is_shut_for_reading, unread, wait_until_accepted,
    wait_until_arrived, wait_until_datagrams_read, wait_until_ended, wait_until_read,
    wait_until_waiting,
};
pub use resources::Resources;
pub(crate) use stranger::is_stranger;
pub(crate) use threads::{
    OwnThread, RunDelays, Watched, is_stopped, one_has_a_socket, one_waits_for_the_machine,
    processor_time, thread_count,
};

/// Threads that wait for a lock, in a process where all threads sleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LockWait {
    /// How many threads wait.
    pub threads: usize,
    /// Whether no other thread is left that could hold the lock. So one of those that wait does.
    pub is_deadlock: bool,
    /// Whether they wait for several locks. A `Condvar` of std that was notified twice looks like a
    /// lock, and all threads that wait for it have its address.
    pub is_certain: bool,
}

/// Where threads cannot be seen, nothing is known of locks.
#[cfg(not(target_os = "linux"))]
pub(crate) fn lock_wait(_pid: u32) -> Option<LockWait> {
    None
}
