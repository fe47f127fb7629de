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
use std::io::BufRead;

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
/// # Steps
///
/// 1. Call `read_until(b'\n', …)` on `input.take(…)`, with room for `limit` bytes and CR LF.
///    (`take` needs `use std::io::Read`.)
/// 2. Without LF at the end, the line is too long if it has more than `limit` bytes. Otherwise the
///    stream has ended.
/// 3. Remove LF, then CR. A missing CR is an error, unless `ending` allows it.
/// 4. A CR that is still in the line is an error.
/// 5. Compare the length with `limit` again. LF alone leaves room for one byte more.
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
    todo!("lab10, step head: read_line")
}

/// The reason of a 400 for a wrong end of a line.
pub const LINE_ENDING: &str = "a line must end with CR LF";
