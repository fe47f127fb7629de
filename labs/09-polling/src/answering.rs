//! Step loop: answering the lines of a client.
//!
//! ```text
//!   read   "echo a\nec"   ─▶ lines ─▶ "echo a" ─▶ answer
//!   read   "ho b\n"       ─▶ lines ─▶ "echo b" ─▶ answer
//! ```

use crate::given::client::{Client, Shared};
use crate::given::poller::Token;
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
/// # Steps
///
/// 1. Call `receive` with `shared.buffer`.
/// 2. Push the bytes to `client.lines`, and note in `client.heard` that they came `shared.now`.
/// 3. Only `Bytes` returns true.
///
/// # Errors
///
/// Those of `receive`.
pub fn read_more(client: &mut Client, shared: &mut Shared) -> io::Result<bool> {
    todo!("lab09, step loop: read_more")
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
/// # Steps
///
/// 1. Begin with a `Share::default()`. Count in it each request that is answered.
/// 2. While `may_answer` allows it, look at `client.lines.next_line()`.
/// 3. Give a line to `execute`. Without a line, call `read_more`, or return if it has returned false.
/// 4. For `TooLong`: `client.owe(TOO_LONG, shared.now)`, `client.lines.clear()`, and the stage.
///
/// # Errors
///
/// Those of `receive`.
pub fn answer_requests(client: &mut Client, token: Token, shared: &mut Shared) -> io::Result<()> {
    todo!("lab09, step loop: answer_requests")
}
