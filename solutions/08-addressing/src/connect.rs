//! Step connect: try all addresses, but not one after the other.
//!
//! ```text
//!    0.00 s   [2001:db8::7]:7008   SYN ─▶ … no answer …              closed when another wins
//!    0.25 s   192.0.2.7:7008           SYN ─▶ ◀─ SYN ACK             the winner
//!             127.0.0.1:7008                                         never tried
//! ```
//!
//! RFC 8305 ("Happy Eyeballs") calls the quarter of a second the Connection Attempt Delay.

use socket2::{Domain, Socket, Type};
use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// How to try the addresses.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// The time for all tries together.
    pub timeout: Duration,
    /// How long the newest try has the network for itself, before the next one begins.
    pub delay: Duration,
    /// The local address of each connection; the kernel chooses it if there is none.
    pub from: Option<IpAddr>,
}

/// The end of one try.
#[derive(Debug)]
pub struct Outcome {
    /// The address that was tried.
    pub address: SocketAddr,
    /// The connection, or why there is none.
    pub result: io::Result<TcpStream>,
}

/// The addresses with families in turn, beginning with the family of the first (RFC 8305, section
/// 4).
///
/// # Contract
///
/// * The addresses of one family keep their order. When one family has no more, the rest of the
///   other follows.
pub fn in_turn(addresses: &[SocketAddr]) -> Vec<SocketAddr> {
    let starts_ipv4 = addresses.first().is_some_and(SocketAddr::is_ipv4);
    let (first, second): (Vec<SocketAddr>, Vec<SocketAddr>) =
        addresses.iter().partition(|address| address.is_ipv4() == starts_ipv4);
    let longest = first.len().max(second.len());
    let pairs = (0..longest).map(|index| [first.get(index), second.get(index)]);
    pairs.flatten().flatten().copied().collect()
}

/// Connects to one address, within `timeout`.
///
/// # Contract
///
/// * With `from`, the connection leaves from this address, and any port.
///
/// # Errors
///
/// Those of socket(2), bind(2) and connect(2). An expired timeout is `TimedOut`.
pub fn connect_one(
    address: SocketAddr,
    from: Option<IpAddr>,
    timeout: Duration,
) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    if let Some(ip) = from {
        socket.bind(&SocketAddr::new(ip, 0).into())?;
    }
    socket.connect_timeout(&address.into(), timeout)?;
    Ok(socket.into())
}

/// Connects to the first of `addresses` that answers. They are tried in this order.
///
/// # Contract
///
/// * The first try begins immediately. Another one begins when a try has failed, and at the
///   latest `policy.delay` after the newest began. The tries that are under way go on.
/// * The first connection wins. No byte is sent on another connection, and it is closed.
/// * All tries together have `policy.timeout`. Each address that did not fail by itself has then
///   timed out, also one that was never tried.
/// * `report` gets each address that failed, and its error, when it is known.
///
/// Returns `None` if every address failed.
pub fn connect_first(
    addresses: &[SocketAddr],
    policy: Policy,
    report: &mut dyn FnMut(SocketAddr, &io::Error),
) -> Option<TcpStream> {
    let deadline = Instant::now() + policy.timeout;
    let (sender, outcomes) = mpsc::channel();
    let mut waiting = addresses.to_vec();
    waiting.reverse();
    let mut under_way = Vec::new();
    while Instant::now() < deadline {
        if let Some(address) = waiting.pop() {
            under_way.push(address);
            start(address, policy, deadline, &sender);
        }
        if under_way.is_empty() {
            return None;
        }
        let until = match waiting.is_empty() {
            true => deadline,
            false => deadline.min(Instant::now() + policy.delay),
        };
        match outcomes.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(Outcome { result: Ok(stream), .. }) => return Some(stream),
            Ok(Outcome { address, result: Err(error) }) => {
                under_way.retain(|other| *other != address);
                report(address, &error);
            }
            // The next try begins, or the time is over.
            Err(_) => (),
        }
    }
    waiting.reverse();
    let timed_out = io::Error::from(io::ErrorKind::TimedOut);
    under_way.iter().chain(&waiting).for_each(|address| report(*address, &timed_out));
    None
}

/// Starts a try. Its thread is not joined, because a connect(2) that nothing answers ends only with
/// its timeout. A connection that comes too late finds the channel closed, and is dropped.
fn start(address: SocketAddr, policy: Policy, deadline: Instant, sender: &Sender<Outcome>) {
    let outcome = sender.clone();
    // connect_timeout counts whole milliseconds, so it may end one before its time. Then the next
    // try would begin, and have no time.
    let left = deadline.saturating_duration_since(Instant::now()) + Duration::from_millis(1);
    let connect = move || {
        // Err: another try has won.
        let result = connect_one(address, policy.from, left);
        let _ = outcome.send(Outcome { address, result });
    };
    if let Err(error) = thread::Builder::new().spawn(connect) {
        let _ = sender.send(Outcome { address, result: Err(error) });
    }
}
