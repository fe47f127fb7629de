//! Step connecting: asking many servers at the same time, in one thread.
//!
//! ```text
//!   connect to all ─▶ wait ─▶ event of B: connected, send ─▶ event of A: a line ─▶ …
//!                      ▲ the time that is left for all                          │
//!                      └────────────────────────────────────────────────────────┘
//! ```

use crate::connecting::Dial;
use crate::given::address::Address;
use crate::given::client::READ_LEN;
use crate::given::lines::Cut;
use crate::given::poller::{Poller, Token};
use crate::poll::PollList;
use common::net::reason;
use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};

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
/// # Errors
///
/// Those of poll(2) and of `tell`.
pub fn ask(
    addresses: &[Address],
    texts: &[String],
    timeout: Duration,
    mut tell: impl FnMut(News<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let deadline = Instant::now() + timeout;
    let (mut poller, mut events) = (PollList::default(), Vec::new());
    let mut questions = begin_all(addresses, texts, &mut poller, &mut tell)?;
    while !questions.is_empty() {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        poller.wait(Some(left), &mut events)?;
        for event in &events {
            let Some(question) = questions.get_mut(&event.token) else { continue };
            if continue_one(question, texts.len(), &mut tell)? {
                poller.modify(event.token, &question.dial.socket, question.dial.interest())?;
            } else {
                poller.remove(event.token, &question.dial.socket)?;
                questions.remove(&event.token);
            }
        }
    }
    let late = questions.values();
    late.map(|question| News::Failed(question.address, "timed out".to_owned())).try_for_each(tell)
}

/// Begins to connect to all of `addresses`, and returns those that are under way. Each has all of
/// `texts` in its output.
///
/// # Contract
///
/// * An address that fails immediately is told, and is not in the answer.
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
    let mut questions = BTreeMap::new();
    for (number, address) in addresses.iter().enumerate() {
        let mut dial = match Dial::begin(address) {
            Ok(dial) => dial,
            Err(error) => {
                tell(News::Failed(address, reason(&error)))?;
                continue;
            }
        };
        texts.iter().for_each(|text| dial.output.push_line(text.as_bytes()));
        let token = Token(number as u64);
        poller.add(token, &dial.socket, dial.interest())?;
        questions.insert(token, Question { address, dial, answered: 0 });
    }
    Ok(questions)
}

/// Continues one conversation after an event. Returns whether it goes on.
///
/// # Contract
///
/// * Each whole line is told, also if the server has closed behind it. After `wanted` lines, the
///   conversation is over.
/// * A server that will not answer everything is told with the reason.
///
/// # Errors
///
/// Those of `tell`.
fn continue_one(
    question: &mut Question<'_>,
    wanted: usize,
    tell: &mut impl FnMut(News<'_>) -> io::Result<()>,
) -> io::Result<bool> {
    let address = question.address;
    let mut buffer = [0; READ_LEN];
    let proceeded = question.dial.proceed(&mut buffer);
    while let Some(cut) = question.dial.lines.next_line() {
        let Cut::Line(line) = cut else {
            tell(News::Failed(address, "line too long".to_owned()))?;
            return Ok(false);
        };
        tell(News::Line(address, line))?;
        question.answered += 1;
        if question.answered == wanted {
            return Ok(false);
        }
    }
    let why = match proceeded {
        Ok(true) => return Ok(true),
        Ok(false) => format!("closed after {} of {wanted} answers", question.answered),
        Err(error) => reason(&error),
    };
    tell(News::Failed(address, why))?;
    Ok(false)
}
