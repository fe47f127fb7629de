//! Steps frames, encoding, deadlines and goodbye: the server's side of one conversation.
//!
//! ```text
//!   C: frame                     S: frame: OK ..., or ERROR CODE
//!   C: not UTF-8                 S: ERROR BAD_ENCODING     the frame was whole: go on
//!   C: a length beyond 65,536    S: ERROR TOO_LONG, FIN    where does the next frame begin?
//!   C: silence, or half a frame  S: ERROR TIMED_OUT, FIN
//!   C: FIN between frames        S: FIN
//! ```

use std::fmt;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long a client may keep us waiting.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Between frames: until the first byte of the next one.
    pub idle: Duration,
    /// For a whole frame, counted from its first byte; for taking an answer; for the goodbye.
    pub frame: Duration,
}

/// What a client is told when a request fails: a word of the protocol, and nothing else. What is
/// behind it (addresses, file names, positions, the system's words) goes to the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// A request that is none of ours.
    UnknownCommand,
    /// A frame that is not UTF-8.
    BadEncoding,
    /// A frame that is longer than frames may be.
    TooLong,
    /// A frame that did not come, or not as a whole, in time.
    TimedOut,
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Code::UnknownCommand => "UNKNOWN_COMMAND",
            Code::BadEncoding => "BAD_ENCODING",
            Code::TooLong => "TOO_LONG",
            Code::TimedOut => "TIMED_OUT",
        })
    }
}

/// What the server says to `request`.
///
/// # Contract
///
/// * `PING`: `OK PONG`. `ECHO text`: `OK text`, exactly as it stands after the first space.
/// * Upper and lower case differ, and nothing is trimmed: `ping`, `PING ` and `ECHO` are no
///   commands; `ECHO ` is, with an empty text.
///
/// # Steps
///
/// 1. Compare, or take the prefix away (`str::strip_prefix`).
///
/// # Errors
///
/// [`Code::UnknownCommand`] for everything else.
pub fn answer(request: &str) -> Result<String, Code> {
    todo!("lab04, step frames: answer")
}

/// Answers one client until one of the two has had enough.
///
/// # Contract
///
/// Step frames:
///
/// * Each frame is answered by one frame: what [`answer`] says, or `ERROR CODE`.
/// * Answers leave at once: Nagle's algorithm, which would hold back each until the one before is
///   acknowledged, is off (`set_nodelay`).
/// * The client's FIN between frames, or inside one, ends the conversation without a word.
/// * A frame that is too long is answered by `ERROR TOO_LONG`; then the stream cannot be trusted
///   any more, and is closed [in order](crate::goodbye::orderly).
///
/// Step encoding:
///
/// * A frame that [is no text](crate::encoding::decode) is answered by `ERROR BAD_ENCODING`, and
///   the conversation goes on: the frame was whole.
///
/// Step deadlines:
///
/// * When no frame [begins](crate::deadlines::wait_for_first_byte) within `limits.idle`, or one is
///   not [whole](crate::deadlines::Timed) within `limits.frame` of its first byte:
///   `ERROR TIMED_OUT`, and an orderly close.
/// * A client that does not take its answer within `limits.frame` is dropped.
///
/// Step log:
///
/// * How it ended, and each `ERROR` with the reason behind it, is
///   [recorded](crate::log::record) before the client is told.
///
/// # Steps
///
/// 1. For step frames: a loop around `read_frame`, [`answer`] and `write_frame`. Sort what comes
///    back: a frame, the end, each error. Which of them end the loop, and which are answered?
///    (Requests are text: `decode` knows ASCII already.)
/// 2. Come back in each of the later steps, and add its part of the contract. Small functions pay:
///    one that reads the next frame, one that answers it, one that decides what an error means.
pub fn converse(stream: TcpStream, peer: SocketAddr, limits: Limits) {
    todo!("lab04, step frames: converse")
}
