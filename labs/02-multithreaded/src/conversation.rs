//! Step framing: a conversation, which is messages and answers until one side has enough.
//!
//! ```text
//!   C: hello        S: accepted
//!   C: stats        S: clients 2, messages 41
//!   C: close        then there is nothing to answer but the last word, `closed`
//! ```

use crate::framing::{Framing, MessageError};
use std::io::Read;
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
    ///
    /// # Steps
    ///
    /// 1. Compare bytes (`eq_ignore_ascii_case` is a method of slices too): not every message is
    ///    UTF-8.
    pub fn parse(message: &[u8]) -> Request {
        todo!("lab02, step framing: parse")
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
/// # Steps
///
/// 1. Make [`Messages`](crate::framing::Messages) of the reader, once.
/// 2. Take the next message and parse it; `close` and the end of the stream are the two ways out.
/// 3. Write the answer and its ending, all of it, before you take the next message.
/// 4. Turn off Nagle's algorithm (`set_nodelay`), which may hold back an answer until the one
///    before it is acknowledged.
///
/// # Errors
///
/// Those of [`next_message`](crate::framing::Messages::next_message), and [`MessageError::Io`]
/// with those of write(2).
pub fn converse(
    reader: impl Read,
    stream: &TcpStream,
    framing: Framing,
    answer: impl FnMut(Request) -> String,
) -> Result<Ending, MessageError> {
    todo!("lab02, step framing: converse")
}
