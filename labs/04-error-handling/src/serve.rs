//! Step frames: the server's side of one conversation.
//!
//! ```text
//!   C: frame                     S: frame: OK ..., or ERROR CODE
//!   C: not UTF-8                 S: ERROR BAD_ENCODING     the frame was whole: go on
//!   C: a length beyond 65,536    S: ERROR TOO_LONG, FIN    where does the next frame begin?
//!   C: silence, or half a frame  S: ERROR TIMED_OUT, FIN
//!   C: FIN between frames        S: FIN
//! ```
//!
//! ```text
//!   converse ─▶ answer_frames ─▶ next_frame    step deadlines: read it in time
//!       │             │
//!       │             ├────────▶ answer_frame ─▶ decode    step encoding: bytes to text
//!       │             │               └────────▶ answer
//!       │             └────────▶ final_event
//!       └─▶ lingering close    step goodbye
//! ```

use crate::deadlines::Limits;
use crate::frames::FrameError;
use crate::given::error_code::ErrorCode;
use crate::log::Event;
use std::net::{SocketAddr, TcpStream};

/// The server's answer to `request`.
///
/// # Contract
///
/// * `PING`: `OK PONG`. `ECHO text`: `OK text`, exactly the text after the first space.
/// * Upper and lower case differ, and nothing is trimmed: `ping`, `PING ` and `ECHO` are no
///   commands; `ECHO ` is, with an empty text.
///
/// # Steps
///
/// 1. Compare, or take the prefix away (`str::strip_prefix`).
///
/// # Errors
///
/// [`ErrorCode::UnknownCommand`] for every other request.
pub fn answer(request: &str) -> Result<String, ErrorCode> {
    todo!("lab04, step frames: answer")
}

/// The server's answer to one whole frame.
///
/// # Contract
///
/// * What [`answer`] returns for the frame's [text](crate::encoding::decode), or `ERROR CODE`. A
///   frame that is not text is `ERROR BAD_ENCODING`.
/// * Each `ERROR` is [recorded](crate::log::record) with its reason: the request, or up to which
///   byte the payload was text.
///
/// # Steps
///
/// 1. `decode` the payload (it knows ASCII already), then `answer` the text.
/// 2. Both can fail: record an [`Event::Error`], and return `ERROR CODE`. (`log::record` writes
///    nothing before step log.)
pub fn answer_frame(payload: Vec<u8>, peer: SocketAddr) -> String {
    todo!("lab04, step frames: answer_frame")
}

/// How a conversation ends in which `error` came instead of a frame.
///
/// # Contract
///
/// * A frame that is too long, or not whole in time (kind `TimedOut`), is an [`Event::Error`],
///   because the client can still read its code.
/// * Every other error is [`Event::Broken`], because no answer would arrive.
/// * The reason is what `error` prints.
///
/// # Steps
///
/// 1. Match on all variants. `FrameError` implements `Display`, so `to_string` gives the reason.
pub fn final_event(error: &FrameError) -> Event {
    todo!("lab04, step frames: final_event")
}

/// Answers frames until the conversation ends, and returns how it ended.
///
/// # Contract
///
/// * Each frame is answered by one frame, in order: what [`answer_frame`] returns.
/// * The client's FIN between frames is [`Event::Left`]; an error instead of a frame is its
///   [`final_event`].
/// * A client that does not take an answer within `limits.frame` is [`Event::Broken`], as is every
///   other failure to write. Half an answer may be on its way, so no other frame can follow.
///
/// # Steps
///
/// 1. A loop around [`next_frame`](crate::deadlines::next_frame), [`answer_frame`] and
///    `write_frame`. Match on the three results of `next_frame`: a frame, the end, an error.
/// 2. Write each answer through a `&mut Timed::new(stream, limits.frame)` of its own, because
///    the clock starts with `new`. (It sets no timeout before step deadlines.)
pub fn answer_frames(stream: &TcpStream, peer: SocketAddr, limits: Limits) -> Event {
    todo!("lab04, step frames: answer_frames")
}

/// Serves one client, from its first frame to the end of the conversation.
///
/// # Contract
///
/// * Answers leave immediately. Nagle's algorithm, which holds back a small segment until the one
///   before it is acknowledged, is off (`set_nodelay`).
/// * The [event that ends](answer_frames) the conversation is [recorded](crate::log::record)
///   before the client is told.
/// * If that is an [`Event::Error`], the client gets `ERROR CODE` and a
///   [lingering close](crate::goodbye::lingering_close) of at most `limits.frame`. In every other
///   case the server closes without a word.
///
/// # Steps
///
/// 1. Switch Nagle's algorithm off, call [`answer_frames`], record what it returns.
/// 2. For an `Event::Error`, write the code (in a frame, and in time), then call
///    `goodbye::lingering_close`. A write that fails here is no error, because the client is gone.
pub fn converse(stream: TcpStream, peer: SocketAddr, limits: Limits) {
    todo!("lab04, step frames: converse")
}
