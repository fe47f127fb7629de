//! Step client: `lab10 get`, from a URL to a file.
//!
//! ```text
//!   request ─▶ head ─▶ 3xx: the next URL, a new connection
//!                   ─▶ 2xx: the body ─▶ FILE.part ─ whole? ─▶ FILE
//! ```

use crate::answer::Answer;
use crate::given::errors::GetError;
use crate::given::http_client::Options;
use crate::request::Method;
use crate::url::Url;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;

/// Sends a request, and follows redirects to the final answer.
///
/// # Contract
///
/// * 301, 302, 303, 307 and 308 with a Location lead to [`Url::join`] of it, by a new connection,
///   at most `options.max_redirects` times.
/// * Returns the final answer, and the connection with its body.
///
/// # Steps
///
/// 1. In a loop, call [`request_bytes`], `http_client::send` and `read_answer`, then
///    `http_client::show`.
/// 2. Return the answer, unless it is a redirect. Count those.
///
/// # Errors
///
/// * [`GetError::Status`]: the final status is not 2xx.
/// * [`GetError::NoLocation`], [`GetError::TooManyRedirects`].
/// * Those of the functions above.
pub fn follow(url: &Url, options: &Options) -> Result<(Answer, BufReader<TcpStream>), GetError> {
    todo!("lab10, step client: follow")
}

/// The bytes of a request.
///
/// # Contract
///
/// * `GET` or `HEAD`, the target of the URL, and `HTTP/1.1`. The fields `Host` with the authority of
///   the URL, and `Connection: close`. Further fields are allowed.
///
/// # Steps
///
/// 1. Format the lines with CR LF, and the empty line.
pub fn request_bytes(url: &Url, method: Method) -> Vec<u8> {
    todo!("lab10, step client: request_bytes")
}

/// Copies the body of `answer` to `output`, and returns its number of bytes.
///
/// # Contract
///
/// * Ends where `framing_of` says, not when the connection pauses, and not when it ends before.
///
/// # Steps
///
/// 1. Call `framing_of`, then `copy_body` without a limit.
///
/// # Errors
///
/// Those of the two functions.
pub fn copy_answer(
    method: Method,
    answer: &Answer,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> Result<u64, GetError> {
    todo!("lab10, step client: copy_answer")
}

/// Saves what `copy` writes under the name `path`, and returns the number of bytes.
///
/// # Contract
///
/// * The bytes go to `path` with `.part` behind its name. That file gets the name `path` only when
///   `copy` has succeeded. So `path` is never half a file.
/// * After an error, no `.part` is left, and a file that was at `path` is still there.
///
/// # Steps
///
/// 1. Create the `.part` (`http_client::part_of`), and call `copy`.
/// 2. Rename it, or remove it.
///
/// # Errors
///
/// [`GetError::File`], and the errors of `copy`.
pub fn save(
    path: &Path,
    copy: impl FnOnce(&mut File) -> Result<u64, GetError>,
) -> Result<u64, GetError> {
    todo!("lab10, step client: save")
}
