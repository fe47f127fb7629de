//! Step epoll: the same interface, and the kernel keeps the list (epoll(7)).
//!
//! ```text
//!   poll     wait([all 10,000])        the kernel looks at all, and so do we
//!   epoll    add(7), add(8), …         once for each socket
//!            wait()                    only those that are ready come back
//! ```

use crate::given::poller::{Event, Interest, Poller, Source, Token};
use crate::poll::timespec;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::io::Errno;
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
    fn add(&mut self, token: Token, source: &Source, interest: Interest) -> io::Result<()> {
        let data = EventData::new_u64(token.0);
        Ok(epoll::add(&self.descriptor, &**source, data, flags(interest))?)
    }

    fn modify(&mut self, token: Token, source: &Source, interest: Interest) -> io::Result<()> {
        let data = EventData::new_u64(token.0);
        Ok(epoll::modify(&self.descriptor, &**source, data, flags(interest))?)
    }

    fn remove(&mut self, _: Token, source: &Source) -> io::Result<()> {
        Ok(epoll::delete(&self.descriptor, &**source)?)
    }

    /// # Contract
    ///
    /// * As [`Poller::wait`] says. A signal ends the sleep, without events and without an error.
    fn wait(&mut self, timeout: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()> {
        events.clear();
        self.buffer.clear();
        let timeout = timeout.map(timespec);
        let spare = rustix::buffer::spare_capacity(&mut self.buffer);
        match epoll::wait(&self.descriptor, spare, timeout.as_ref()) {
            Ok(_) => (),
            Err(Errno::INTR) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        events.extend(self.buffer.iter().map(event));
        Ok(())
    }
}
