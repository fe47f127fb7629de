//! Step head: one line of a message.
//!
//! ```text
//!   "Host: localhost" CR LF      a line, whole at CR LF
//!   "Host: localhost" LF         some programs take it, others do not
//! ```
//!
//! Two programs on one path that disagree about the end of a line see two different requests. An
//! attacker uses that (request smuggling). So the server is strict.

use crate::given::errors::MessageError;
use std::io::{BufRead, Read};

/// The bytes that end a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnding {
    /// CR LF, as RFC 9112, section 2.2, defines it.
    CrLf,
    /// CR LF, or LF alone. Some old servers send that.
    CrLfOrLf,
}

/// Reads one line and returns it without its ending.
///
/// # Contract
///
/// * The line may arrive in any number of reads. The bytes after it stay in `input`.
/// * No byte of the line is a CR. A CR stands only before the LF that ends the line.
/// * A read that a signal interrupts (`Interrupted`, signal(7)) is repeated, as the functions of
///   [`BufRead`] do.
///
/// # Errors
///
/// * [`MessageError::TooLong`]: more than `limit` bytes before the ending, as soon as `limit` + 2
///   bytes have arrived without one.
/// * [`MessageError::Malformed`] with [`LINE_ENDING`]: the ending or a CR is wrong.
/// * [`MessageError::Ended`]: the stream ended before the line did.
/// * [`MessageError::Io`]: the errors of `input`.
pub fn read_line(
    input: &mut impl BufRead,
    limit: usize,
    ending: LineEnding,
) -> Result<Vec<u8>, MessageError> {
    let mut line = Vec::new();
    input.take(limit as u64 + 2).read_until(b'\n', &mut line)?;
    if line.pop_if(|byte| *byte == b'\n').is_none() {
        return Err(if line.len() > limit { MessageError::TooLong } else { MessageError::Ended });
    }
    let has_cr = line.pop_if(|byte| *byte == b'\r').is_some();
    if line.contains(&b'\r') || (!has_cr && ending == LineEnding::CrLf) {
        return Err(MessageError::Malformed(LINE_ENDING));
    }
    if line.len() > limit {
        return Err(MessageError::TooLong);
    }
    Ok(line)
}

/// The reason of a 400 for a wrong end of a line.
pub const LINE_ENDING: &str = "a line must end with CR LF";
