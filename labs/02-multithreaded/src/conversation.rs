//! Step framing: a conversation, which is messages and answers until one side ends it.
//!
//! ```text
//!   C: hello        S: accepted
//!   C: stats        S: clients 2, messages 41
//!   C: close        S: closed, and the end of the conversation
//! ```

use crate::framing::{Framing, MessageError};
use std::io::Read;
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
    ///
    /// # Steps
    ///
    /// 1. Compare bytes, because not every message is UTF-8. (`eq_ignore_ascii_case` is a method of
    ///    slices too.)
    pub fn parse(message: &[u8]) -> Request {
        todo!("lab02, step framing: parse")
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
/// # Steps
///
/// 1. Make [`Messages`](crate::framing::Messages) of the reader, once.
/// 2. Take the next message and parse it. `close` and the end of the stream end the loop.
/// 3. Write the whole answer with its ending before you take the next message.
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
