//! Step connection: request after request on one connection.
//!
//! ```text
//!   wait for a byte ─▶ exchange: request, body, answer ─▶ KeepAlive: again
//!                                                      └▶ Close: lingering close
//! ```

use crate::deadlines::Input;
use crate::given::errors::Refusal;
use crate::given::exchange::Session;
use crate::request::{Request, Version};
use crate::response::{Body, Persistence, Response};
use common::net::is_timeout;
use std::io::{BufRead, ErrorKind};

/// Serves the requests of one client in their order.
///
/// # Contract
///
/// * Waits for the first byte of a request with [`wait_for_request`]. Then calls
///   [`Session::exchange`], which asks [`persistence`] what follows.
/// * Requests that arrived together are all answered, in their order.
/// * Returns when the client has finished, and after an answer with [`Persistence::Close`]. Bytes
///   behind that request are not read.
///
/// # Errors
///
/// Those of the two functions.
pub fn serve(session: &Session<'_>, input: &mut Input<'_>) -> Result<(), Refusal> {
    while wait_for_request(session, input)? {
        if session.exchange(input, persistence)? == Persistence::Close {
            break;
        }
    }
    Ok(())
}

/// Waits for the first byte of the next request.
///
/// # Contract
///
/// * `true`: a byte is in `input`. It may have arrived with the request before it.
/// * `false`: the client has finished, or was silent for the whole idle timeout. A silent client
///   has done nothing wrong, so it gets no 408.
/// * A read that a signal interrupts (`Interrupted`, signal(7)) is repeated. `fill_buf` does not do
///   that.
///
/// # Errors
///
/// Those of read(2), except a timeout.
pub fn wait_for_request(session: &Session<'_>, input: &mut Input<'_>) -> Result<bool, Refusal> {
    session.start_idle_time(input);
    loop {
        match input.fill_buf() {
            Ok(bytes) => return Ok(!bytes.is_empty()),
            Err(error) if error.kind() == ErrorKind::Interrupted => (),
            Err(error) if is_timeout(&error) => return Ok(false),
            Err(error) => return Err(Refusal::Gone(error)),
        }
    }
}

/// What happens to the connection after the answer to `request` (RFC 9112, section 9.3).
///
/// # Contract
///
/// * HTTP/1.1 keeps it, unless `Connection` has the word `close`.
/// * HTTP/1.0 closes it, unless `Connection` has the word `keep-alive` and not `close`. A
///   `Body::Stream` to HTTP/1.0 ends with the connection, so that closes, too.
/// * Words may have any case, and other words may be beside them
///   ([`Fields::has_word`](crate::fields::Fields::has_word)).
pub fn persistence(request: &Request, response: &Response) -> Persistence {
    if request.fields.has_word("connection", "close") {
        return Persistence::Close;
    }
    let is_stream = matches!(response.body, Body::Stream(_));
    match request.version {
        Version::Http11 => Persistence::KeepAlive,
        Version::Http10 if is_stream => Persistence::Close,
        Version::Http10 if request.fields.has_word("connection", "keep-alive") => {
            Persistence::KeepAlive
        }
        Version::Http10 => Persistence::Close,
    }
}
