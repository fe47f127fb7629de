//! Step framing: a conversation, which is messages and answers until one side has enough.
//!
//! ```text
//!   C: hello        S: accepted
//!   C: stats        S: clients 2, messages 41
//!   C: close        then there is nothing to answer but the last word, `closed`
//! ```

use crate::framing::{Framing, MessageError, Messages};
use std::borrow::Cow;
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
    mut answer: impl FnMut(Request) -> Cow<'static, str>,
) -> Result<Ending, MessageError> {
    // An answer is whole when it is written. Nagle's algorithm would hold back the second until
    // the first is acknowledged, and a peer may take 40 ms for that.
    stream.set_nodelay(true)?;
    let mut messages = Messages::new(reader, framing);
    let mut outbox = Vec::new();
    let ending = loop {
        let request = match messages.next_message() {
            Ok(Some(message)) => Request::parse(&message),
            Ok(None) => break Ok(Ending::Finished),
            Err(error) => break Err(error),
        };
        if request == Request::Close {
            break Ok(Ending::Asked);
        }
        outbox.extend_from_slice(answer(request).as_bytes());
        outbox.extend_from_slice(framing.ending().as_bytes());
        // The answers to what came in one read leave in one write: but before we wait for the
        // next read, or both sides would wait.
        if !messages.has_line() {
            stream.write_all(&outbox)?;
            outbox.clear();
        }
    };
    // A line behind the last answer may have ended the conversation.
    stream.write_all(&outbox)?;
    ending
}
