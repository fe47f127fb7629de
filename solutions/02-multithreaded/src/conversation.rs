//! Step framing: a conversation, which is messages and answers until one side has enough.
//!
//! ```text
//!   C: hello        S: accepted
//!   C: stats        S: clients 2, messages 41
//!   C: close        then there is nothing to answer but the last word, `closed`
//! ```

use crate::framing::{Framing, MessageError, Messages};
use std::io::{Read, Write};
use std::net::TcpStream;

/// What a message asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// To be accepted: any message that is none of the other two.
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
    /// * `close` and `stats`, in upper or lower case, are [`Request::Close`] and
    ///   [`Request::Stats`]: these words and not a byte more.
    /// * Any other message is [`Request::Accept`], also one that is empty or no text.
    pub fn parse(message: &[u8]) -> Request {
        // Bytes are compared, not text: a message need not be UTF-8.
        if message.eq_ignore_ascii_case(b"close") {
            Request::Close
        } else if message.eq_ignore_ascii_case(b"stats") {
            Request::Stats
        } else {
            Request::Accept
        }
    }
}

/// How a conversation ended when nothing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The client said `close`, and waits for `closed`.
    Asked,
    /// The client has closed its sending side.
    Finished,
}

/// Answers the messages that come from `reader`, one after the other, on `stream`.
///
/// # Contract
///
/// * Each message is parsed, given to `answer`, and what that returns goes back with
///   [`Framing::ending`] behind it, in the order of the messages.
/// * No answer waits for a message that has not come yet.
/// * [`Request::Close`] is not given to `answer` but ends the conversation:
///   `Ok(Ending::Asked)`. Nobody looks at what comes after it.
/// * `Ok(Ending::Finished)` when the client has no more to say.
/// * Before it returns, whichever way, the messages that came before have their answers.
///
/// # Errors
///
/// Those of [`next_message`](crate::framing::Messages::next_message), and [`MessageError::Io`]
/// with those of write(2).
pub fn converse(
    reader: impl Read,
    mut stream: &TcpStream,
    framing: Framing,
    mut answer: impl FnMut(Request) -> String,
) -> Result<Ending, MessageError> {
    // An answer is complete when it is written. Nagle's algorithm would hold back the second until
    // the first is acknowledged, and a peer may take 40 ms for that.
    stream.set_nodelay(true)?;
    let mut messages = Messages::new(reader, framing);
    while let Some(message) = messages.next_message()? {
        let request = Request::parse(&message);
        if request == Request::Close {
            return Ok(Ending::Asked);
        }
        // In one write: with two, the answer could leave in a segment without its ending.
        let line = answer(request) + framing.ending();
        stream.write_all(line.as_bytes())?;
    }
    Ok(Ending::Finished)
}
