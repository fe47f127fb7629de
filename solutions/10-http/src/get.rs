//! Step client: `lab10 get`, from a URL to a file.
//!
//! ```text
//!   request ─▶ head ─▶ 3xx: the next URL, a new connection
//!                   ─▶ 2xx: the body ─▶ FILE.part ─ whole? ─▶ FILE
//! ```

use crate::answer::{Answer, framing_of, read_answer};
use crate::body::copy_body;
use crate::given::errors::{GetError, MessageError};
use crate::given::http_client::{self, Options};
use crate::request::Method;
use crate::url::Url;
use std::fs::{self, File};
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
/// # Errors
///
/// * [`GetError::Status`]: the final status is not 2xx.
/// * [`GetError::NoLocation`], [`GetError::TooManyRedirects`].
/// * Those of the functions above.
pub fn follow(url: &Url, options: &Options) -> Result<(Answer, BufReader<TcpStream>), GetError> {
    let mut url = url.clone();
    for _ in 0..=options.max_redirects {
        let request = request_bytes(&url, options.method);
        let mut input = http_client::send(&url, &request, options)?;
        let answer = read_answer(&mut input)?;
        http_client::show(&answer, options)?;
        match answer.code {
            200..=299 => return Ok((answer, input)),
            301 | 302 | 303 | 307 | 308 => {
                let location = answer.fields.first("location").ok_or(GetError::NoLocation)?;
                url = url.join(location)?;
            }
            _ => return Err(GetError::Status(answer.line)),
        }
    }
    Err(GetError::TooManyRedirects(options.max_redirects))
}

/// The bytes of a request.
///
/// # Contract
///
/// * `GET` or `HEAD`, the target of the URL, and `HTTP/1.1`. The fields `Host` with the authority of
///   the URL, and `Connection: close`. Further fields are allowed.
pub fn request_bytes(url: &Url, method: Method) -> Vec<u8> {
    let method = if method == Method::Head { "HEAD" } else { "GET" };
    let Url { authority, target } = url;
    format!(
        "{method} {target} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: lab10\r\n\
         Accept: */*\r\nConnection: close\r\n\r\n"
    )
    .into_bytes()
}

/// Copies the body of `answer` to `output`, and returns its number of bytes.
///
/// # Contract
///
/// * Ends where `framing_of` says, not when the connection pauses, and not when it ends before.
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
    let framing = framing_of(method, answer)?;
    let count = copy_body(input, framing, u64::MAX, output)?;
    output.flush().map_err(MessageError::Output)?;
    Ok(count)
}

/// Saves what `copy` writes under the name `path`, and returns the number of bytes.
///
/// # Contract
///
/// * The bytes go to `path` with `.part` behind its name. That file gets the name `path` only when
///   `copy` has succeeded. So `path` is never half a file.
/// * After an error, no `.part` is left, and a file that was at `path` is still there.
///
/// # Errors
///
/// [`GetError::File`], and the errors of `copy`.
pub fn save(
    path: &Path,
    copy: impl FnOnce(&mut File) -> Result<u64, GetError>,
) -> Result<u64, GetError> {
    let part = http_client::part_of(path);
    let mut file = File::create(&part).map_err(GetError::File)?;
    let saved = copy(&mut file).and_then(|count| {
        fs::rename(&part, path).map_err(GetError::File)?;
        Ok(count)
    });
    saved.inspect_err(|_| drop(fs::remove_file(&part)))
}
