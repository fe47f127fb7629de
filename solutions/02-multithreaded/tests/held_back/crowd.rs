//! Very many clients at the same time, as plain sockets, because a thousand ladders help no reader.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::{self, JoinHandle, ScopedJoinHandle};
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
            let member = member(server.address());
            check(server, member.as_ref().map(drop));
            members.extend(member);
        }
        Crowd { members }
    }

    /// Each sends `count` messages to `server`, ten at a time, and waits for its answers.
    pub fn talk(&mut self, server: &Server, count: usize) {
        let share = self.members.len().div_ceil(THREADS);
        let talked = thread::scope(|scope| {
            let start = |members| scope.spawn(move || talk(members, count));
            join(self.members.chunks_mut(share).map(start).collect())
        });
        check(server, talked.as_ref().copied());
    }

    /// Each sends `count` messages to `server`, and does not wait.
    pub fn say(&mut self, server: &Server, count: usize) {
        let messages = b"hello\n".repeat(count);
        let said: io::Result<()> =
            self.members.iter_mut().try_for_each(|member| member.write_all(&messages));
        check(server, said.as_ref().copied());
    }

    /// Each waits for the answers of `server` to `count` messages, and leaves.
    pub fn leave_after(self, server: &Server, count: usize) {
        let heard = thread::scope(|scope| {
            let start = |mut member| scope.spawn(move || hear(&mut member, count));
            join(self.members.into_iter().map(start).collect())
        });
        check(server, heard.as_ref().copied());
    }

    /// None of them receives a byte from `server` for `time`.
    pub fn waits_in_vain(&mut self, server: &Server, time: Duration) {
        let member = &mut self.members[0];
        member.set_read_timeout(Some(time)).expect("it is no time at all");
        let did = match member.read(&mut [0]).map_err(|error| error.kind()) {
            Err(ErrorKind::WouldBlock | ErrorKind::TimedOut) => None,
            Err(_) => Some("reset the connection of"),
            Ok(0) => Some("closed the connection of"),
            Ok(_) => Some("sent bytes to"),
        };
        server.check(
            did.is_none(),
            &format!("The server {} a silent client.", did.unwrap_or_default()),
            "serve-each-of-the-crowd",
            "Send a client only the answers to its own messages, and keep it while it is silent.",
        );
        member.set_read_timeout(Some(test_time(PATIENCE))).expect("it is no time at all");
    }
}

/// Clients that still try to connect.
pub struct Knocking {
    members: Vec<JoinHandle<io::Result<()>>>,
}

impl Crowd {
    /// Lets `count` clients try to connect, each in a thread, because connecting may take long. A
    /// client that was served leaves.
    pub fn knock(server: SocketAddr, count: usize) -> Knocking {
        let knock = move || talk(&mut [member(server)?], 1);
        Knocking { members: (0..count).map(|_| thread::spawn(knock)).collect() }
    }
}

impl Knocking {
    /// How many of them were served in the end.
    pub fn served(self) -> usize {
        self.members.into_iter().filter_map(|member| member.join().ok()?.ok()).count()
    }
}

/// The first error of `members`, after all of them have ended.
fn join(members: Vec<ScopedJoinHandle<'_, io::Result<()>>>) -> io::Result<()> {
    let ended = members.into_iter().map(|member| member.join().expect("it does not panic"));
    ended.fold(Ok(()), io::Result::and)
}

/// A panic in a thread of the crowd would be an error of the test, and no verdict on the program.
fn check(server: &Server, result: Result<(), &io::Error>) {
    let sentence = match result {
        Ok(()) => String::new(),
        Err(error) => format!("A client of the crowd was not served: {error}."),
    };
    server.check(
        result.is_ok(),
        &sentence,
        "serve-every-client",
        "Accept each client below the limit, and answer each of its lines. No client may wait for another one.",
    );
}

fn member(server: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&server, test_time(PATIENCE))?;
    stream.set_read_timeout(Some(test_time(PATIENCE)))?;
    Ok(stream)
}

fn talk(members: &mut [TcpStream], count: usize) -> io::Result<()> {
    let mut left = count;
    while left > 0 {
        let now = left.min(10);
        let messages = b"hello\n".repeat(now);
        members.iter_mut().try_for_each(|member| member.write_all(&messages))?;
        members.iter_mut().try_for_each(|member| hear(member, now))?;
        left -= now;
    }
    Ok(())
}

fn hear(member: &mut TcpStream, count: usize) -> io::Result<()> {
    let mut heard = vec![0; count * b"accepted\n".len()];
    member.read_exact(&mut heard)?;
    match heard == b"accepted\n".repeat(count) {
        true => Ok(()),
        false => Err(io::Error::other("an answer is not `accepted`")),
    }
}
