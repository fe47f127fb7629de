//! Very many clients at the same time, as plain sockets, because a thousand ladders help no reader.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use testkit::{Server, test_time};

/// Threads that talk at the same time.
const THREADS: usize = 8;

/// Clients that may connect before the server must have accepted them. Its queue has room for 128.
const QUEUE: usize = 100;

/// How long a member of a crowd waits for its answer.
const PATIENCE: f64 = 20.0;

pub struct Crowd {
    members: Vec<TcpStream>,
}

impl Crowd {
    /// Connects `count` clients, one after the other, and no faster than the server accepts them. A
    /// client that finds the kernel's queue full would try again only after a second.
    pub fn join(server: &mut Server, count: usize) -> Crowd {
        let mut members = Vec::new();
        for number in 0..count {
            if number % QUEUE == QUEUE - 1 {
                server.wait_until_accepted();
            }
            members.push(member(server.address()));
        }
        Crowd { members }
    }

    /// Each sends `count` messages, ten at a time, and waits for its answers.
    pub fn talk(&mut self, count: usize) {
        let share = self.members.len().div_ceil(THREADS);
        thread::scope(|scope| {
            for members in self.members.chunks_mut(share) {
                scope.spawn(move || talk(members, count));
            }
        });
    }

    /// Each sends `count` messages, and does not wait.
    pub fn say(&mut self, count: usize) {
        let messages = b"hello\n".repeat(count);
        self.members.iter_mut().for_each(|member| member.write_all(&messages).expect("it reads"));
    }

    /// Each waits for the answers to `count` messages, and leaves.
    pub fn leave_after(self, count: usize) {
        thread::scope(|scope| {
            for mut member in self.members {
                scope.spawn(move || hear(&mut member, count));
            }
        });
    }

    /// None of them receives a byte for `time`.
    pub fn waits_in_vain(&mut self, time: Duration) {
        let member = &mut self.members[0];
        member.set_read_timeout(Some(time)).expect("it is no time at all");
        let heard = member.read(&mut [0]).map_err(|error| error.kind());
        assert!(
            matches!(heard, Err(ErrorKind::WouldBlock | ErrorKind::TimedOut)),
            "a silent client received {heard:?}"
        );
        member.set_read_timeout(Some(test_time(PATIENCE))).expect("it is no time at all");
    }
}

/// Clients that still try to connect.
pub struct Knocking {
    members: Vec<JoinHandle<()>>,
}

impl Crowd {
    /// Lets `count` clients try to connect, each in a thread, because connecting may take long. A
    /// client that was served leaves.
    pub fn knock(server: SocketAddr, count: usize) -> Knocking {
        let knock = move || talk(&mut [member(server)], 1);
        Knocking { members: (0..count).map(|_| thread::spawn(knock)).collect() }
    }
}

impl Knocking {
    /// How many of them were served in the end.
    pub fn served(self) -> usize {
        self.members.into_iter().filter_map(|member| member.join().ok()).count()
    }
}

fn member(server: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect_timeout(&server, test_time(PATIENCE)).expect("it listens");
    stream.set_read_timeout(Some(test_time(PATIENCE))).expect("it is no time at all");
    stream
}

fn talk(members: &mut [TcpStream], count: usize) {
    let mut left = count;
    while left > 0 {
        let now = left.min(10);
        let messages = b"hello\n".repeat(now);
        for member in members.iter_mut() {
            member.write_all(&messages).expect("the server reads");
        }
        members.iter_mut().for_each(|member| hear(member, now));
        left -= now;
    }
}

fn hear(member: &mut TcpStream, count: usize) {
    let mut heard = vec![0; count * b"accepted\n".len()];
    member.read_exact(&mut heard).expect("the server answers");
    assert_eq!(heard, b"accepted\n".repeat(count), "each message is accepted");
}
