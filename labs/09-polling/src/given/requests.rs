//! The protocol: a line becomes an answer, a timer, or a connection.

use super::address::Address;
use super::client::{Client, Fetch, MAX_PROMISES, Shared, Stage};
use super::poller::Token;
use crate::connecting::{self, Dial};
use crate::timers::Due;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// The answer to a line of more than 1,024 bytes.
pub const TOO_LONG: &[u8] = b"ERROR line too long";

const EXPECTED: &[u8] = b"ERROR expected echo, bytes, after, fetch, stats or close";
const TOO_MANY_TIMERS: &[u8] = b"ERROR too many timers";
const TOO_MANY_FETCHES: &[u8] = b"ERROR too many fetches";
const NOT_ALLOWED: &[u8] = b"ERROR not allowed";

/// The largest N of `bytes N`: 1 GiB.
const MOST_BYTES: u64 = 1 << 30;

/// The longest S of `after S TEXT`.
const LONGEST: Duration = Duration::from_secs(3600);

/// What a client asks for.
enum Request<'a> {
    Echo(&'a [u8]),
    Bytes(u64),
    After(Duration, &'a [u8]),
    Fetch(SocketAddr),
    Stats,
    Close,
}

/// Answers `line` of `client`, or begins what will bring the answer. After `close`, the client is
/// [`Stage::Closing`].
pub fn execute(line: &[u8], client: &mut Client, token: Token, shared: &mut Shared) {
    let now = shared.now;
    let is_counted = match parse(line) {
        Some(Request::Echo(text)) => owe(client, text, shared),
        Some(Request::Bytes(count)) => {
            if client.output.is_empty() {
                client.taken = now;
            }
            client.output.push_letters(count);
            true
        }
        Some(Request::After(time, text)) => after(client, token, time, text, shared),
        Some(Request::Fetch(address)) => fetch(client, token, address, shared),
        Some(Request::Stats) => {
            let text = format!("clients {}, answered {}", shared.connected, shared.answered);
            owe(client, text.as_bytes(), shared)
        }
        Some(Request::Close) => {
            client.stage = Stage::Closing;
            client.lines.clear();
            owe(client, b"closed", shared)
        }
        None => owe(client, EXPECTED, shared),
    };
    shared.answered += u64::from(is_counted);
}

/// Owes the client a line, which answers its request.
fn owe(client: &mut Client, line: &[u8], shared: &Shared) -> bool {
    client.owe(line, shared.now);
    true
}

/// The request in `line`; `None` if there is none.
fn parse(line: &[u8]) -> Option<Request<'_>> {
    if let Some(text) = line.strip_prefix(b"echo ") {
        return Some(Request::Echo(text));
    }
    if let Some(rest) = line.strip_prefix(b"after ") {
        let space = rest.iter().position(|byte| *byte == b' ')?;
        let seconds = common::cli::seconds(str::from_utf8(&rest[..space]).ok()?).ok()?;
        return (seconds <= LONGEST).then_some(Request::After(seconds, &rest[space + 1..]));
    }
    let line = str::from_utf8(line).ok()?;
    match line.split_once(' ').unwrap_or((line, "")) {
        ("bytes", number) => {
            let count = common::cli::decimal(number).filter(|count| *count <= MOST_BYTES)?;
            Some(Request::Bytes(count))
        }
        ("fetch", address) => Some(Request::Fetch(address.parse().ok()?)),
        ("stats", "") => Some(Request::Stats),
        ("close", "") => Some(Request::Close),
        _ => None,
    }
}

/// Returns whether the request is answered already, by an error.
fn after(
    client: &mut Client,
    token: Token,
    time: Duration,
    text: &[u8],
    shared: &mut Shared,
) -> bool {
    if client.timers.len() == MAX_PROMISES {
        return owe(client, TOO_MANY_TIMERS, shared);
    }
    let due = Due::Answer { client: token, text: text.to_vec() };
    client.timers.push(shared.timers.insert(shared.now + time, due));
    false
}

/// Returns whether the request is answered already, by an error.
fn fetch(client: &mut Client, token: Token, address: SocketAddr, shared: &mut Shared) -> bool {
    if !address.ip().to_canonical().is_loopback() {
        return owe(client, NOT_ALLOWED, shared);
    }
    if client.fetches.len() == MAX_PROMISES {
        return owe(client, TOO_MANY_FETCHES, shared);
    }
    match begin_fetch(token, &Address::Tcp(address), shared) {
        Ok(number) => {
            client.fetches.push(number);
            false
        }
        Err(error) => owe(client, connecting::words(&error).as_bytes(), shared),
    }
}

fn begin_fetch(client: Token, address: &Address, shared: &mut Shared) -> io::Result<Token> {
    let dial = Dial::begin(address)?;
    let token = shared.next_token();
    shared.poller.add(token, &dial.socket, dial.interest())?;
    let end = shared.timers.insert(shared.now + shared.limits.fetch_timeout, Due::FetchOver(token));
    shared.fetches.insert(token, Fetch { client, dial, end });
    Ok(token)
}
