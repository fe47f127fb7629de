//! Step framing: a conversation, which is messages and answers until one side ends it.
//!
//! ```text
//!   C: hello        S: accepted
//!   C: stats        S: clients 2, messages 41
//!   C: close        S: closed, and the end of the conversation
//! ```

use crate::framing::{Framing, MessageError, Messages};
use std::io::{BufWriter, Read, Write};
use std::net::TcpStream;

/// What a message asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// To be accepted, as any message that is none of the other two.
    Accept,
    /// How many clients and messages there are.
    Stats,
    /// To end the conversation.
    Close,
}

impl Request {
    /// What `message` asks for.
    ///
    /// # Contract
    ///
    /// * `close` and `stats`, in upper or lower ASCII case, are [`Request::Close`] and
    ///   [`Request::Stats`]. A byte more, also a space, makes it another message.
    /// * Any other message is [`Request::Accept`], also one that is empty or no text.
    pub fn parse(message: &[u8]) -> Request {
        // Compares bytes, not text, because a message need not be UTF-8.
        if message.eq_ignore_ascii_case(b"close") {
            Request::Close
        } else if message.eq_ignore_ascii_case(b"stats") {
            Request::Stats
        } else {
            Request::Accept
        }
    }
}

/// How a conversation ended without an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The client sent `close`, and waits for `closed`.
    Asked,
    /// The client has closed its sending side.
    Finished,
}

/// Reads messages from `reader`, and writes their answers to `stream`, one after the other.
///
/// # Contract
///
/// * Each message is parsed and given to `answer`. The text that `answer` returns goes back with
///   [`Framing::ending`] behind it, in the order of the messages.
/// * An answer does not wait for a message that has not arrived yet. It leaves immediately
///   (TCP_NODELAY).
/// * A client may be silent, or leave its answers unread, for as long as it likes. So no timeout is
///   set.
/// * [`Request::Close`] is not given to `answer`. It ends the conversation with
///   `Ok(Ending::Asked)`. The bytes after it are ignored. Its answer `closed` is not written here,
///   but by [`finish`](crate::isolation::finish).
/// * `Ok(Ending::Finished)` when the client has finished.
/// * When it returns, also with an error, all earlier messages have their answers.
///
/// # Errors
///
/// Those of [`next_message`](crate::framing::Messages::next_message), and [`MessageError::Io`]
/// with those of write(2).
pub fn converse(
    reader: impl Read,
    stream: &TcpStream,
    framing: Framing,
    mut answer: impl FnMut(Request) -> String,
) -> Result<Ending, MessageError> {
    // An answer is complete when it is written. Nagle's algorithm would hold back the second until
    // the first is acknowledged, and a peer may take 40 ms for that.
    stream.set_nodelay(true)?;
    let mut messages = Messages::new(reader, framing);
    // One write for the answers to all lines of one read. A write for each answer would cost a
    // system call, a segment, and a wake-up of the client. On every way out, the drop writes the
    // rest. An answer that does not fit goes into the next write whole, with its ending.
    let mut answers = BufWriter::new(stream);
    while let Some(message) = messages.next_message()? {
        let request = Request::parse(&message);
        if request == Request::Close {
            return Ok(Ending::Asked);
        }
        let line = answer(request) + framing.ending();
        answers.write_all(line.as_bytes())?;
        // The next message may never come, so no answer waits for it.
        if !messages.has_next() {
            answers.flush()?;
        }
    }
    Ok(Ending::Finished)
}
