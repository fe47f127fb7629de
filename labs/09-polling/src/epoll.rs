//! Step epoll: the same interface, and the kernel keeps the list (epoll(7)).
//!
//! ```text
//!   poll     wait([all 10,000])        the kernel looks at all, and so do we
//!   epoll    add(7), add(8), …         once for each socket
//!            wait()                    only those that are ready come back
//! ```

use crate::given::poller::{Event, Interest, Poller, Source, Token};
use rustix::event::epoll::{self, CreateFlags, EventFlags};
use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;

/// Most events of one wait. More come with the next one.
const EVENTS: usize = 1024;

/// An epoll instance. The kernel keeps its list.
pub struct EpollSet {
    descriptor: OwnedFd,
    buffer: Vec<epoll::Event>,
}

/// `interest` as epoll_ctl(2) takes it.
///
/// # Contract
///
/// * Level-triggered: as long as there is something to read, each wait reports it. (With EPOLLET it
///   reports each arrival once. A program that does not read until `WouldBlock` then waits for an
///   event that never comes.)
pub fn flags(interest: Interest) -> EventFlags {
    let read = if interest.read { EventFlags::IN } else { EventFlags::empty() };
    let write = if interest.write { EventFlags::OUT } else { EventFlags::empty() };
    read | write
}

/// What epoll_wait(2) has found out about a source.
///
/// # Contract
///
/// * The kernel gives back the number with which the source was added.
pub fn event(found: &epoll::Event) -> Event {
    let (flags, data) = (found.flags, found.data);
    Event {
        token: Token(data.u64()),
        readable: flags.contains(EventFlags::IN),
        writable: flags.contains(EventFlags::OUT),
        is_over: flags.intersects(EventFlags::ERR | EventFlags::HUP),
    }
}

impl EpollSet {
    /// A set without sources.
    ///
    /// # Errors
    ///
    /// Those of epoll_create1(2).
    pub fn new() -> io::Result<EpollSet> {
        let descriptor = epoll::create(CreateFlags::CLOEXEC)?;
        Ok(EpollSet { descriptor, buffer: Vec::with_capacity(EVENTS) })
    }
}

impl Poller for EpollSet {
    /// # Steps
    ///
    /// 1. `EventData::new_u64(token.0)` is what the kernel gives back with each event.
    /// 2. `epoll::add(&self.descriptor, &**source, data, flags(interest))`.
    fn add(&mut self, token: Token, source: &Source, interest: Interest) -> io::Result<()> {
        todo!("lab09, step epoll: add")
    }

    /// # Steps
    ///
    /// 1. As [`EpollSet::add`](Poller::add), by `epoll::modify`.
    fn modify(&mut self, token: Token, source: &Source, interest: Interest) -> io::Result<()> {
        todo!("lab09, step epoll: modify")
    }

    /// # Steps
    ///
    /// 1. `epoll::delete(&self.descriptor, &**source)`. A source that is closed leaves the list
    ///    too, but only with its last descriptor.
    fn remove(&mut self, _: Token, source: &Source) -> io::Result<()> {
        todo!("lab09, step epoll: remove")
    }

    /// # Contract
    ///
    /// * As [`Poller::wait`] says. A signal ends the sleep, without events and without an error.
    ///
    /// # Steps
    ///
    /// 1. Clear `events` and `self.buffer`. `rustix::buffer::spare_capacity(&mut self.buffer)` is
    ///    the room for the kernel's answer.
    /// 2. Call `epoll::wait` with the timeout as `timespec` has it. `Errno::INTR` is a signal.
    /// 3. Add an `event` for each entry of the buffer.
    fn wait(&mut self, timeout: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()> {
        todo!("lab09, step epoll: wait")
    }
}
