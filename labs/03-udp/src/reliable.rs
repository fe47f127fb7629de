//! Step reliable: each request is executed at most once, whatever the network does to it.
//!
//! ```text
//!   request     u32 id (big-endian)   text, at most 1,024 bytes
//!   answer      the same id           text
//!
//!   C: 7 "add 5"
//!   S: 7 "total 5"   ──╳               lost: the client cannot know that it was done
//!   C: 7 "add 5"                       so it asks again, with the same id
//!   S: 7 "total 5"                     from memory: 5 is not added again
//! ```
//!
//! UDP may lose a datagram, deliver it twice, or later than one sent after it. The id answers all
//! three: the client tells by it which request an answer belongs to, and the server tells by it a
//! request that it has executed already.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::SocketAddr;

/// Longest text of a request, in bytes. What is remembered must be bounded in bytes too, not only
/// in number: strangers decide how long their texts are.
pub const MAX_TEXT: usize = 1024;

/// How many requests of each client are remembered, with their answers.
pub const IDS_REMEMBERED: usize = 64;

/// How many clients are remembered.
pub const CLIENTS_REMEMBERED: usize = 1024;

/// The answer to a text that is too long.
pub const TOO_LARGE: &str = "ERROR too large";

/// The answer to an addition that does not fit into the total.
pub const OVERFLOW: &str = "ERROR overflow";

/// Which request of a client this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(pub u32);

impl RequestId {
    /// The id of the next request; after the largest comes 0.
    pub fn next(self) -> RequestId {
        RequestId(self.0.wrapping_add(1))
    }
}

/// The id of a client's first request: any number. The others count up from there. (Given.)
///
/// # Contract
///
/// * Another one in each run: the port that the system gave us may have been another client's a
///   moment ago, and the server remembers what that one asked.
pub fn first_id() -> RequestId {
    // std has no random numbers, but the keys of its hash maps are.
    RequestId(RandomState::new().build_hasher().finish() as u32)
}

/// A request, or an answer: the id and the text. (Given.)
///
/// # Contract
///
/// * Four bytes of id, big-endian (the network byte order), then the text as it is.
pub fn compose(id: RequestId, text: &[u8]) -> Vec<u8> {
    [&id.0.to_be_bytes(), text].concat()
}

/// The id and the text of a datagram.
///
/// # Contract
///
/// * `None` if it is too short for an id. The text may be empty, and need not be text.
///
/// # Steps
///
/// 1. `split_first_chunk` divides a slice and checks its length in one go; `from_be_bytes`.
pub fn parse(datagram: &[u8]) -> Option<(RequestId, &[u8])> {
    todo!("lab03, step reliable: parse")
}

/// The text of `datagram`, if it is the answer to request `id`.
///
/// # Contract
///
/// * `None` for answers to other requests, which may come late, or twice; and for what is no
///   answer at all.
///
/// # Steps
///
/// 1. Parse it; compare the ids.
pub fn answer_to(id: RequestId, datagram: &[u8]) -> Option<&[u8]> {
    todo!("lab03, step reliable: answer_to")
}

/// Executes a request: `add N` adds to the total.
///
/// # Contract
///
/// * `add N`, N being an i64 in decimal: adds it to `total` and returns `total T`, T being the
///   new total. White space at the ends of the request does not count: people type newlines.
/// * [`OVERFLOW`] if the total would not be an i64 any more; it stays as it is.
/// * [`TOO_LARGE`] for more than [`MAX_TEXT`] bytes.
/// * Any other text comes back as it is.
///
/// # Steps
///
/// 1. Bytes need not be UTF-8, and what follows `add ` need not be a number: then they come back.
/// 2. Add with `checked_add`.
pub fn execute(total: &mut i64, text: &[u8]) -> Vec<u8> {
    todo!("lab03, step reliable: execute")
}

/// What the server has executed, and what it answered.
#[derive(Debug, Default)]
pub struct Memory {
    // Yours: what must it hold?
}

impl Memory {
    /// Nothing executed yet: the total is 0. (Given.)
    pub fn new() -> Memory {
        Memory::default()
    }

    /// The answer to `datagram`, which `client` sent: from memory, or by executing it.
    ///
    /// # Contract
    ///
    /// * The answer carries the id of the request.
    /// * A repeated id of the same client is answered as it was the first time, and nothing is
    ///   executed. The same id of another client is another request.
    /// * The last [`IDS_REMEMBERED`] requests of each client are remembered, and
    ///   [`CLIENTS_REMEMBERED`] clients; for one more, the client is forgotten that has sent
    ///   nothing for the longest time.
    /// * `None` for a datagram without an id.
    ///
    /// # Steps
    ///
    /// 1. Give [`Memory`] the fields that you need. In what order will you look things up, and
    ///    forget them?
    /// 2. Parse the datagram. Look for the client, then for the id among its answers.
    /// 3. Not there: execute, and remember the answer. There: the answer that you gave.
    /// 4. Whatever it was: this client has just been heard of.
    pub fn answer(&mut self, client: SocketAddr, datagram: &[u8]) -> Option<Vec<u8>> {
        todo!("lab03, step reliable: answer")
    }
}
