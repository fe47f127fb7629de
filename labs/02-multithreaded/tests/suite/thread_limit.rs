//! A program that can start only a few threads.
//!
//! The stack of a thread is address space, and RLIMIT_AS limits it, also for root. With stacks of
//! 256 MiB, three threads are too many for 1 GiB. Pages that no thread touches take no memory.

use testkit::Subject;

/// Most address space of the program, in bytes.
const ADDRESS_SPACE: usize = 1 << 30;

/// The stack of a thread that names no size: 256 MiB, in bytes.
const STACK: &str = "268435456";

/// `lab` with room for about two threads. A program in another language may start more, because it
/// chooses the size of its stacks by itself.
pub fn with_few_threads(lab: Subject) -> Subject {
    lab.limit_memory(ADDRESS_SPACE).with_variable("RUST_MIN_STACK", STACK)
}
