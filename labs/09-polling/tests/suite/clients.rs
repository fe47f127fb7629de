//! What several steps do with their clients.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::net::TcpStream;
use std::time::Duration;
use testkit::{Peer, Server};

/// Advice for a loop that does not sleep.
pub const SLEEP: (&str, &str) = (
    "sleep-in-the-poller",
    "In `turn`, sleep in `Poller::wait` until an event comes or a timer is due. A loop that polls at intervals wastes CPU time.",
);

/// How often a server that sleeps may run while a test waits. The system may wake it, too.
const FEW: u64 = 2;

/// The shortest time in which wake-ups are counted: five ticks of 200 ms, and many of 10 ms. It is not
/// scaled, because a fast run would make it shorter than a tick.
const SHORTEST_LOOK: Duration = Duration::from_secs(1);

/// The longest time in which they are counted.
const LONGEST_LOOK: Duration = Duration::from_secs(4);

/// The answer to `bytes COUNT`.
pub fn letters(count: usize) -> Vec<u8> {
    let mut letters: Vec<u8> = (b'a'..=b'z').cycle().take(count).collect();
    if let Some(last) = letters.last_mut() {
        *last = b'\n';
    }
    letters
}

/// Expects that the server does nothing while nothing happens.
pub fn expect_idle(server: &Server, (id, think): (&str, &str)) {
    let sleeps = server.wait_until_idle();
    let sentence = match server.has_ended() {
        true => "The server does not run any more.",
        false => "The server never sleeps, although nothing happens.",
    };
    server.check(sleeps, sentence, id, think);
}

/// Expects that the server sleeps, and goes on sleeping while `peer` is silent. If the machine is too
/// busy to tell, it looks again for twice the time.
pub fn expect_few_wakeups(server: &Server, peer: &mut Peer, advice: (&str, &str)) {
    expect_idle(server, advice);
    let mut time = SHORTEST_LOOK;
    while !sleeps_for(server, peer, time, advice) {
        time *= 2;
        if time > LONGEST_LOOK {
            return server.skip("this machine is too busy to count wake-ups");
        }
    }
}

/// Whether the machine had a CPU for the server whenever it woke up. A thread that waits for a CPU
/// wakes up less often than it asked for.
fn sleeps_for(server: &Server, peer: &mut Peer, time: Duration, (id, think): (&str, &str)) -> bool {
    let wakeups = || server.resources().map_or(0, |now| now.wakeups);
    let (before, delay_before) = (wakeups(), server.run_delay());
    peer.expect_nothing_for(time);
    let count = wakeups().saturating_sub(before);
    let sentence = format!("The server woke up {count} times, although nothing happened.");
    server.check(count <= FEW, &sentence, id, think);
    let delays = delay_before.zip(server.run_delay());
    delays.is_some_and(|(before, now)| now.saturating_sub(before) < time / 4)
}

/// Sends `line` and expects `answer`.
pub fn ask(peer: &mut Peer, line: &str, answer: &str) {
    peer.send(format!("{line}\n").as_bytes()).expect(format!("{answer}\n").as_bytes());
}

/// Many clients, without a row of the ladder for each.
pub struct Crowd(Vec<BufReader<TcpStream>>);

impl Crowd {
    /// `count` clients of `server`, or fewer if it has ended. `None`: this machine has no descriptor
    /// or no port for one of them, and the test is noted as skipped.
    pub fn connect(server: &Server, count: usize) -> Option<Crowd> {
        let connect = |_| {
            let stream = TcpStream::connect(server.address())?;
            stream.set_read_timeout(Some(Duration::from_secs(10)))?;
            Ok(BufReader::with_capacity(64, stream))
        };
        let by_server = |error: &io::Error| {
            use ErrorKind::{ConnectionRefused, ConnectionReset, TimedOut};
            matches!(error.kind(), ConnectionRefused | ConnectionReset | TimedOut)
        };
        let mut crowd = Vec::with_capacity(count);
        for client in (0..count).map(connect) {
            match client {
                Ok(client) => crowd.push(client),
                Err(error) if by_server(&error) => (),
                Err(error) => {
                    server.skip(&format!("this machine cannot have {count} clients ({error})"));
                    return None;
                }
            }
        }
        Some(Crowd(crowd))
    }

    /// Each client sends its number, and then each reads its answer. Returns how many of them got
    /// their own number.
    pub fn say_their_numbers(&mut self) -> usize {
        for (number, client) in self.0.iter_mut().enumerate() {
            // Err means that the server has closed; reading will find that out.
            let _ = client.get_mut().write_all(format!("echo {number}\n").as_bytes());
        }
        let mut answered = 0;
        for (number, client) in self.0.iter_mut().enumerate() {
            let mut line = String::new();
            let read = client.read_line(&mut line);
            answered += usize::from(read.is_ok() && line == format!("{number}\n"));
        }
        answered
    }
}
