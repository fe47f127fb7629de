//! Step connection: request after request on one connection.
//!
//! ```text
//!   wait for a byte ─▶ exchange: request, body, answer ─▶ KeepAlive: again
//!                                                      └▶ Close: lingering close
//! ```

use crate::deadlines::Input;
use crate::given::errors::Refusal;
use crate::given::exchange::Session;
use crate::request::Request;
use crate::response::{Persistence, Response};

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
/// # Steps
///
/// 1. Repeat both calls while each says that it goes on.
///
/// # Errors
///
/// Those of the two functions.
pub fn serve(session: &Session<'_>, input: &mut Input<'_>) -> Result<(), Refusal> {
    // Given, so that earlier steps run. It serves one request, and closes.
    match session.exchange(input, |_, _| Persistence::Close)? {
        Persistence::Close => return Ok(()),
        Persistence::KeepAlive => (),
    }
    todo!("lab10, step connection: serve")
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
/// # Steps
///
/// 1. Start the idle time with [`Session::start_idle_time`].
/// 2. Call `fill_buf`, which reads only if the buffer is empty, and look whether it is empty then.
/// 3. An expired timeout (`common::net::is_timeout`) is `false`, too.
///
/// # Errors
///
/// Those of read(2), except a timeout.
pub fn wait_for_request(session: &Session<'_>, input: &mut Input<'_>) -> Result<bool, Refusal> {
    todo!("lab10, step connection: wait_for_request")
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
///
/// # Steps
///
/// 1. Look for the word `close`.
/// 2. Decide by the version.
pub fn persistence(request: &Request, response: &Response) -> Persistence {
    todo!("lab10, step connection: persistence")
}
