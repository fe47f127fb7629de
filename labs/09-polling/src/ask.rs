//! Step connecting: asking many servers at the same time, in one thread.
//!
//! ```text
//!   connect to all ─▶ wait ─▶ event of B: connected, send ─▶ event of A: a line ─▶ …
//!                      ▲ the time that is left for all                          │
//!                      └────────────────────────────────────────────────────────┘
//! ```

use crate::connecting::Dial;
use crate::given::address::Address;
use crate::given::poller::Token;
use crate::poll::PollList;
use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

/// Something that happened at the server at `address`.
#[derive(Debug)]
pub enum News<'a> {
    /// It sent a line.
    Line(&'a Address, Vec<u8>),
    /// It will not answer everything. The text tells why.
    Failed(&'a Address, String),
}

/// The conversation with one server.
#[derive(Debug)]
struct Question<'a> {
    address: &'a Address,
    dial: Dial,
    /// How many lines have come.
    answered: usize,
}

/// Asks all of `addresses` at the same time: sends all of `texts` as lines to each, and expects as
/// many lines from each. Each event is given to `tell` when it happens.
///
/// # Contract
///
/// * It connects to all servers before it waits for one of them. `timeout` is for all conversations
///   together, because they run side by side.
/// * A server has answered everything after `texts.len()` lines. Its connection is closed then.
/// * A failure of one server concerns no other one: `connection refused`, `timed out`,
///   `closed after 1 of 2 answers`, `line too long`.
///
/// # Steps
///
/// 1. The deadline is `timeout` from now. Begin with all addresses ([`begin_all`]).
/// 2. While a question is left, wait, at most until the deadline, and call [`continue_one`] for
///    each event.
/// 3. `modify` the poller to the new interest of a question that goes on. `remove` one that has
///    ended, and drop it.
/// 4. At the deadline, tell for each question that is left that it timed out.
///
/// # Errors
///
/// Those of poll(2) and of `tell`.
pub fn ask(
    addresses: &[Address],
    texts: &[String],
    timeout: Duration,
    tell: impl FnMut(News<'_>) -> io::Result<()>,
) -> io::Result<()> {
    todo!("lab09, step connecting: ask")
}

/// Begins to connect to all of `addresses`, and returns those that are under way. Each has all of
/// `texts` in its output.
///
/// # Contract
///
/// * An address that fails immediately is told, and is not in the answer.
///
/// # Steps
///
/// 1. For each address, `Dial::begin`. Tell an error, and go on with the next address.
/// 2. Push all texts to the output, and add the socket to the poller with the number of the address
///    as its token.
///
/// # Errors
///
/// Those of `tell`.
fn begin_all<'a>(
    addresses: &'a [Address],
    texts: &[String],
    poller: &mut PollList,
    tell: &mut impl FnMut(News<'_>) -> io::Result<()>,
) -> io::Result<BTreeMap<Token, Question<'a>>> {
    todo!("lab09, step connecting: begin_all")
}

/// Continues one conversation after an event. Returns whether it goes on.
///
/// # Contract
///
/// * Each whole line is told, also if the server has closed behind it. After `wanted` lines, the
///   conversation is over.
/// * A server that will not answer everything is told with the reason.
///
/// # Steps
///
/// 1. Call `proceed`, and keep its result for later.
/// 2. Tell each whole line first, and count it. After `wanted` lines the conversation is over. A
///    line that is too long ends it.
/// 3. Then look at the result. Go on, or tell why the server will not answer everything.
///
/// # Errors
///
/// Those of `tell`.
fn continue_one(
    question: &mut Question<'_>,
    wanted: usize,
    tell: &mut impl FnMut(News<'_>) -> io::Result<()>,
) -> io::Result<bool> {
    todo!("lab09, step connecting: continue_one")
}
