//! Members of a room who all talk (lab 06).
//!
//! ```text
//!   S: Enter your name: ␣   C: m0   S: Welcome, m0. Here: ...
//!   C: xxx                  S: m1: xxx, m2: xxx, ... one line of each other member
//! ```
//!
//! A member sends a line, and then reads as many lines as there are other members. So no member is
//! far ahead of another, and a slow room slows all members down.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use super::client::{Client, Load, line_of, wrong_answer};
use super::clock::Clock;
use super::wire::Wire;
use crate::plan::Plan;

pub struct Room {
    members: usize,
    batch: Vec<u8>,
    in_flight: usize,
}

impl Room {
    pub fn new(plan: &Plan) -> Room {
        let batch = line_of(plan.message_bytes).repeat(plan.in_flight);
        Room { members: plan.clients, batch, in_flight: plan.in_flight }
    }
}

impl Load for Room {
    fn unit(&self) -> &'static str {
        "received lines"
    }

    fn connect(
        &self,
        server: SocketAddr,
        number: usize,
        clock: &Arc<Clock>,
    ) -> io::Result<Box<dyn Client>> {
        let mut wire = Wire::connect(server, clock)?;
        let unread = enter(&mut wire, number)?;
        let lines = (self.members - 1) * self.in_flight;
        let batch = self.batch.clone();
        Ok(Box::new(Member { wire, batch, lines, unread, buffer: vec![0; 65_536] }))
    }
}

/// Gives a name, and reads the welcome. Returns the bytes after it.
fn enter(wire: &mut Wire, number: usize) -> io::Result<Vec<u8>> {
    wire.write_all(format!("m{number}\n").as_bytes())?;
    let mut unread = Vec::new();
    let welcome = wire.read_line(&mut unread)?;
    let is_welcome = welcome.windows(9).any(|part| part == b"Welcome, ");
    if is_welcome { Ok(unread) } else { Err(wrong_answer("the server sent no welcome")) }
}

struct Member {
    wire: Wire,
    batch: Vec<u8>,
    /// How many lines of other members belong to one exchange.
    lines: usize,
    /// The bytes that were read and belong to no counted line yet.
    unread: Vec<u8>,
    buffer: Vec<u8>,
}

impl Member {
    /// Takes at most `most` lines of other members out of the unread bytes, and returns how many.
    /// Announcements (`m3 joined the chat`) do not count.
    fn take_lines(&mut self, most: usize) -> usize {
        let (mut taken, mut start) = (0, 0);
        while taken < most {
            let rest = &self.unread[start..];
            let Some(len) = rest.iter().position(|byte| *byte == b'\n') else { break };
            taken += usize::from(rest[..len].windows(2).take(5).any(|part| part == b": "));
            start += len + 1;
        }
        self.unread.drain(..start);
        taken
    }
}

impl Client for Member {
    fn exchange(&mut self) -> io::Result<u64> {
        self.wire.write_all(&self.batch)?;
        let mut missing = self.lines - self.take_lines(self.lines);
        while missing > 0 {
            let count = self.wire.read(&mut self.buffer)?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.unread.extend_from_slice(&self.buffer[..count]);
            missing -= self.take_lines(missing);
        }
        // A member that is alone receives nothing, and its line counts.
        Ok(self.lines.max(1) as u64)
    }
}
