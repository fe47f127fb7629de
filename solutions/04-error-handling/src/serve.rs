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

use crate::deadlines::{Limits, Timed, next_frame};
use crate::encoding::decode;
use crate::frames::{FrameError, write_frame};
use crate::given::error_code::ErrorCode;
use crate::goodbye;
use crate::log::{self, Event};
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream};

/// The server's answer to `request`.
///
/// # Contract
///
/// * `PING`: `OK PONG`. `ECHO text`: `OK text`, exactly the text after the first space.
/// * Upper and lower case differ, and nothing is trimmed: `ping`, `PING ` and `ECHO` are no
///   commands; `ECHO ` is, with an empty text.
///
/// # Errors
///
/// [`ErrorCode::UnknownCommand`] for every other request.
pub fn answer(request: &str) -> Result<String, ErrorCode> {
    if request == "PING" {
        return Ok("OK PONG".to_owned());
    }
    match request.strip_prefix("ECHO ") {
        Some(text) => Ok(format!("OK {text}")),
        None => Err(ErrorCode::UnknownCommand),
    }
}

/// The server's answer to one whole frame.
///
/// # Contract
///
/// * What [`answer`] returns for the frame's [text](crate::encoding::decode), or `ERROR CODE`. A
///   frame that is not text is `ERROR BAD_ENCODING`.
/// * Each `ERROR` is [recorded](crate::log::record) with its reason: the request, or up to which
///   byte the payload was text.
pub fn answer_frame(payload: Vec<u8>, peer: SocketAddr) -> String {
    let request = match decode(payload) {
        Ok(request) => request,
        Err(error) => {
            let reason = format!("text up to byte {}", error.valid_bytes);
            return refuse(peer, ErrorCode::BadEncoding, reason);
        }
    };
    answer(&request).unwrap_or_else(|code| refuse(peer, code, request))
}

/// `ERROR CODE` for the client, the reason for the log.
fn refuse(peer: SocketAddr, code: ErrorCode, reason: String) -> String {
    log::record(peer, &Event::Error(code, reason));
    format!("ERROR {code}")
}

/// How a conversation ends in which `error` came instead of a frame.
///
/// # Contract
///
/// * A frame that is too long, or not whole in time (kind `TimedOut`), is an [`Event::Error`],
///   because the client can still read its code.
/// * Every other error is [`Event::Broken`], because no answer would arrive.
/// * The reason is what `error` prints.
pub fn final_event(error: &FrameError) -> Event {
    let reason = error.to_string();
    match error {
        // The bytes of this frame are still to come, so the next frame cannot be found.
        FrameError::TooLong(_) => Event::Error(ErrorCode::TooLong, reason),
        FrameError::Io(error) if error.kind() == ErrorKind::TimedOut => {
            Event::Error(ErrorCode::TimedOut, reason)
        }
        FrameError::Truncated | FrameError::Io(_) => Event::Broken(reason),
    }
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
pub fn answer_frames(stream: &TcpStream, peer: SocketAddr, limits: Limits) -> Event {
    loop {
        let payload = match next_frame(stream, limits) {
            Ok(Some(payload)) => payload,
            Ok(None) => return Event::Left,
            Err(error) => return final_event(&error),
        };
        let text = answer_frame(payload, peer);
        // The answer's clock starts here: the time that the request took does not count.
        if let Err(error) = write_frame(&mut Timed::new(stream, limits.frame), text.as_bytes()) {
            // The client would take an ERROR for the rest of a half-written answer.
            return Event::Broken(format!("the answer was not taken: {error}"));
        }
    }
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
pub fn converse(stream: TcpStream, peer: SocketAddr, limits: Limits) {
    // A client that sends two requests without waiting would get the second answer 40 ms late.
    // A failure costs only that delay.
    let _ = stream.set_nodelay(true);
    let last = answer_frames(&stream, peer, limits);
    log::record(peer, &last);
    if let Event::Error(code, _) = last {
        let text = format!("ERROR {code}");
        // Err means that the client is gone, and that no program misses this answer.
        let _ = write_frame(&mut Timed::new(&stream, limits.frame), text.as_bytes());
        goodbye::lingering_close(stream, limits.frame);
    }
}
