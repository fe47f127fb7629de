//! Step reliable: the server executes each request at most once, whatever the network does.
//!
//! ```text
//!   request     u32 id (big-endian)   text, at most 1,024 bytes
//!   answer      the same id           text
//!
//!   C: 7 "add 5"
//!   S: 7 "total 5"   ──╳               the answer is lost, so the client cannot know it
//!   C: 7 "add 5"                       the client resends the request, with the same id
//!   S: 7 "total 5"                     from memory, so 5 is not added again
//! ```
//!
//! UDP may lose a datagram, deliver it twice, or deliver it later than one sent after it. The id
//! solves all three. By the id the client finds the request to which an answer belongs, and the
//! server recognises a request that it has executed already.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::SocketAddr;

/// Longest text of a request, in bytes. The server's memory must be bounded in bytes too, not only
/// in the number of answers, because clients choose the length of their texts.
pub const MAX_TEXT: usize = 1024;

/// How many requests of each client the server remembers, with their answers.
pub const IDS_REMEMBERED: usize = 64;

/// How many clients the server remembers.
pub const CLIENTS_REMEMBERED: usize = 1024;

/// The answer to a text that is too long.
pub const TOO_LARGE: &str = "ERROR too large";

/// The answer to an addition whose sum does not fit into the total.
pub const OVERFLOW: &str = "ERROR overflow";

/// The number of a request among those of one client. Every u32 is valid, also 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(pub u32);

impl RequestId {
    /// The id of the next request. After the largest comes 0.
    pub fn next(self) -> RequestId {
        RequestId(self.0.wrapping_add(1))
    }
}

/// The id of a client's first request, a random number. The next ids count up from there. (Given.)
///
/// # Contract
///
/// * Each run begins with another number. Another client may have had our port a moment ago, and
///   the server still remembers its requests.
pub fn first_id() -> RequestId {
    // std has no random numbers, but the keys of its hash maps are.
    RequestId(RandomState::new().build_hasher().finish() as u32)
}

/// The bytes of a request or of an answer. (Given.)
///
/// # Contract
///
/// * Four bytes of id, big-endian (the network byte order), then the text unchanged.
pub fn compose(id: RequestId, text: &[u8]) -> Vec<u8> {
    [&id.0.to_be_bytes(), text].concat()
}

/// The id and the text of a datagram.
///
/// # Contract
///
/// * `None` if it is too short for an id. The text may be empty, and may be any bytes.
///
/// # Steps
///
/// 1. `split_first_chunk` checks the length and splits the slice.
/// 2. `u32::from_be_bytes` makes the number.
pub fn parse(datagram: &[u8]) -> Option<(RequestId, &[u8])> {
    todo!("lab03, step reliable: parse")
}

/// The text of `datagram`, if it is the answer to request `id`.
///
/// # Contract
///
/// * `None` for an answer to another request, which may come late or twice.
/// * `None` for a datagram that is too short to be an answer.
///
/// # Steps
///
/// 1. Parse the datagram, and compare the ids.
pub fn answer_to(id: RequestId, datagram: &[u8]) -> Option<&[u8]> {
    todo!("lab03, step reliable: answer_to")
}

/// Executes a request: `add N` adds to the total.
///
/// # Contract
///
/// * `add N` adds N to `total` and returns `total T`, where T is the new total. N is what
///   `str::parse` reads as an i64, exactly one space stands before it, and `add` is in lower case.
///   White space at the ends of the request does not count, because people type newlines.
/// * [`OVERFLOW`] if the new total would not fit into an i64. The total stays unchanged.
/// * [`TOO_LARGE`] for more than [`MAX_TEXT`] bytes, also for an addition.
/// * Any other text comes back unchanged.
///
/// # Steps
///
/// 1. Check the length first.
/// 2. `std::str::from_utf8`, `trim`, `strip_prefix("add ")`, `parse`. If one of them fails, return
///    the text unchanged.
/// 3. Add with `checked_add`.
pub fn execute(total: &mut i64, text: &[u8]) -> Vec<u8> {
    todo!("lab03, step reliable: execute")
}

/// The total, and the requests that the server has executed, with their answers.
#[derive(Debug, Default)]
pub struct Memory {
    // Yours: the total, and what else?
}

impl Memory {
    /// A memory without requests and with a total of 0. (Given.)
    pub fn new() -> Memory {
        Memory::default()
    }

    /// Answers `datagram`, which `client` sent. The answer comes from memory, or from executing the
    /// request.
    ///
    /// # Contract
    ///
    /// * The answer carries the id of the request.
    /// * A repeated id of the same client gets its first answer again, and nothing is executed. The
    ///   same id of another client is another request.
    /// * To make room for a new request of a client, `Memory` forgets the one that came first. A
    ///   repetition makes a request no newer.
    /// * `Memory` holds the last [`IDS_REMEMBERED`] requests of each client, and the last
    ///   [`CLIENTS_REMEMBERED`] clients. To make room for a new client, it forgets the client that
    ///   has sent nothing for the longest time.
    /// * `None` for a datagram without an id. It changes nothing, also not the client that has sent
    ///   something last.
    ///
    /// # Steps
    ///
    /// 1. Give [`Memory`] its fields. In which order do you look up clients and ids, and in which
    ///    order do you forget them?
    /// 2. Parse the datagram. Look for the client, then for the id among its answers.
    /// 3. For an unknown id, execute the request and remember the answer. For a known id, return
    ///    the remembered answer.
    /// 4. In both cases this client is now the one that sent something last.
    pub fn answer(&mut self, client: SocketAddr, datagram: &[u8]) -> Option<Vec<u8>> {
        todo!("lab03, step reliable: answer")
    }
}
