//! Steps frames, encoding, deadlines and goodbye: the server's side of one conversation.
//!
//! ```text
//!   C: frame                     S: frame: OK ..., or ERROR CODE
//!   C: not UTF-8                 S: ERROR BAD_ENCODING     the frame was whole: go on
//!   C: a length beyond 65,536    S: ERROR TOO_LONG, FIN    where does the next frame begin?
//!   C: silence, or half a frame  S: ERROR TIMED_OUT, FIN
//!   C: FIN between frames        S: FIN
//! ```

use crate::deadlines::{Timed, wait_for_first_byte};
use crate::encoding::decode;
use crate::frames::{FrameError, read_frame, write_frame};
use crate::goodbye;
use crate::log::{self, Event};
use std::fmt;
use std::io::ErrorKind;
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
/// # Errors
///
/// [`Code::UnknownCommand`] for everything else.
pub fn answer(request: &str) -> Result<String, Code> {
    if request == "PING" {
        return Ok("OK PONG".to_owned());
    }
    match request.strip_prefix("ECHO ") {
        Some(text) => Ok(format!("OK {text}")),
        None => Err(Code::UnknownCommand),
    }
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
pub fn converse(stream: TcpStream, peer: SocketAddr, limits: Limits) {
    let (code, why) = match answer_all(&stream, peer, limits) {
        Ending::Left => return log::record(peer, Event::Left),
        Ending::Broken(why) => return log::record(peer, Event::Broken(&why)),
        Ending::CutOff(code, why) => (code, why),
    };
    log::record(peer, Event::Error(code, &why));
    // It may not listen any more: then this fails, and nobody misses it.
    let _ = write_frame(&mut Timed::new(&stream, limits.frame), error_text(code).as_bytes());
    goodbye::orderly(stream, limits.frame);
}

/// How a conversation ends.
enum Ending {
    /// The client closed between frames.
    Left,
    /// There is nobody left to say anything to, and why.
    Broken(String),
    /// The client must be told, and why we leave.
    CutOff(Code, String),
}

/// Answers frames until no more can be had.
fn answer_all(stream: &TcpStream, peer: SocketAddr, limits: Limits) -> Ending {
    // Who asks twice without waiting would get the second answer 40 ms late. If it cannot be
    // turned off, that is all that happens.
    let _ = stream.set_nodelay(true);
    loop {
        let payload = match next_frame(stream, limits) {
            Ok(Some(payload)) => payload,
            Ok(None) => return Ending::Left,
            Err(ending) => return ending,
        };
        let text = answer_payload(payload, peer);
        // The clock of the answer begins now: how long the question took is forgotten.
        if let Err(error) = write_frame(&mut Timed::new(stream, limits.frame), text.as_bytes()) {
            // Half an answer may be under way: whatever we said now would be taken for the rest.
            return Ending::Broken(format!("the answer was not taken: {}", words(&error)));
        }
    }
}

/// Two clocks: a client may be silent for long, but who has begun must get on with it.
fn next_frame(stream: &TcpStream, limits: Limits) -> Result<Option<Vec<u8>>, Ending> {
    wait_for_first_byte(stream, limits.idle)
        .map_err(|error| ending(error.into(), "no frame began in time"))?;
    read_frame(&mut Timed::new(stream, limits.frame))
        .map_err(|error| ending(error, "a frame was not whole in time"))
}

/// What no frame means for the conversation.
fn ending(error: FrameError, when_timed_out: &str) -> Ending {
    match error {
        // Its bytes are still to come, and we shall not read them to find the next frame.
        FrameError::TooLong(_) => Ending::CutOff(Code::TooLong, words(&error)),
        FrameError::Io(error) if error.kind() == ErrorKind::TimedOut => {
            Ending::CutOff(Code::TimedOut, when_timed_out.to_owned())
        }
        error => Ending::Broken(words(&error)),
    }
}

/// The answer to a whole frame. Nothing that is in it can end the conversation: the next frame
/// begins right behind it.
fn answer_payload(payload: Vec<u8>, peer: SocketAddr) -> String {
    let (code, why) = match decode(payload) {
        Ok(request) => match answer(&request) {
            Ok(text) => return text,
            Err(code) => (code, request),
        },
        Err(error) => (Code::BadEncoding, format!("text up to byte {}", error.valid_bytes)),
    };
    log::record(peer, Event::Error(code, &why));
    error_text(code)
}

fn error_text(code: Code) -> String {
    format!("ERROR {code}")
}

/// For the log: what the system said, or what was wrong with the frame.
fn words(error: &FrameError) -> String {
    match error {
        FrameError::Truncated => "the client closed inside a frame".to_owned(),
        FrameError::TooLong(len) => format!("a frame of {len} bytes"),
        FrameError::Io(error) => common::net::reason(error),
    }
}
