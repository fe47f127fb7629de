//! Step loop: answering the lines of a client.
//!
//! ```text
//!   read   "echo a\nec"   ─▶ lines ─▶ "echo a" ─▶ answer
//!   read   "ho b\n"       ─▶ lines ─▶ "echo b" ─▶ answer
//! ```

use crate::fairness::{Share, may_answer};
use crate::given::client::{Client, Shared, Stage};
use crate::given::lines::Cut;
use crate::given::poller::Token;
use crate::given::requests::{TOO_LONG, execute};
use crate::reading::{Received, receive};
use std::io;

/// Reads once from `client`, into its lines.
///
/// # Contract
///
/// * Returns whether bytes have come, and more may be here. A read that does not fill the buffer has
///   taken all bytes. (To read again is right, too. It costs a system call for each request.)
/// * FIN is noted in `has_ended`. The client is `Stage::Finishing` then, and still gets its answers.
/// * After Ctrl-C (`is_stopping`), a client that has no more bytes here is `Stage::Finishing`, too.
///
/// # Errors
///
/// Those of `receive`.
pub fn read_more(client: &mut Client, shared: &mut Shared) -> io::Result<bool> {
    match receive(&client.socket, &mut shared.buffer)? {
        Received::Bytes(count) => {
            client.lines.push(&shared.buffer[..count]);
            client.heard = shared.now;
            return Ok(count == shared.buffer.len());
        }
        Received::End => {
            client.has_ended = true;
            client.stage = Stage::Finishing;
        }
        Received::Later if shared.is_stopping => client.stage = Stage::Finishing,
        Received::Later => (),
    }
    Ok(false)
}

/// Answers the lines of `client`, and reads more when none is left, until its share of this turn is
/// used up or nothing more is here.
///
/// # Contract
///
/// * Each whole line is given to `execute`, in order. A line may come in any number of reads, and
///   one read may bring several lines.
/// * It stops when `may_answer` says so, when no byte is here, and when `execute` has ended the
///   client's `Stage::Open`.
/// * A line that is too long is answered by `TOO_LONG`. The bytes behind it are forgotten, and
///   the client is `Stage::Closing`.
/// * A line without its ending before FIN is dropped, because it may be incomplete.
///
/// # Errors
///
/// Those of `receive`.
pub fn answer_requests(client: &mut Client, token: Token, shared: &mut Shared) -> io::Result<()> {
    let mut share = Share::default();
    let mut may_have_more = true;
    while may_answer(&share, client.output.owed(), &shared.limits) {
        match client.lines.next_line() {
            Some(Cut::Line(line)) => {
                share.answered += 1;
                execute(&line, client, token, shared);
                if client.stage == Stage::Closing {
                    return Ok(());
                }
            }
            Some(Cut::TooLong) => {
                client.owe(TOO_LONG, shared.now);
                client.lines.clear();
                client.stage = Stage::Closing;
                return Ok(());
            }
            None if may_have_more => may_have_more = read_more(client, shared)?,
            None => return Ok(()),
        }
    }
    Ok(())
}
