//! Step fairness: the share of each client in a turn, and back pressure.
//!
//! ```text
//!   turn 1    A: 64 requests     B: 1 request     C: 64 KiB of its answer
//!   turn 2    A: 64 requests                      C: 64 KiB
//!                                                                   all three make progress
//!   owed to C > --max-owed: its requests stay in the kernel, its window closes, C has to wait
//! ```

use crate::given::client::{Client, Stage};
use crate::given::command_line::Limits;

/// Most requests of one client that are answered in one turn.
pub const TURN_REQUESTS: usize = 64;

/// The answer to a client that is one too many.
pub const FULL: &[u8] = b"ERROR server full";

/// What a client has had in this turn.
#[derive(Clone, Copy, Debug, Default)]
pub struct Share {
    /// How many of its requests were answered.
    pub answered: usize,
}

/// Whether the server owes the client no more than it may. `bytes 1073741824` is one small request,
/// so the length of the answers counts, not that of the requests.
pub fn has_room(owed: u64, limits: &Limits) -> bool {
    owed <= limits.max_owed
}

/// Whether another request of this client may be answered in this turn.
///
/// # Contract
///
/// * No more than [`TURN_REQUESTS`] in a turn.
/// * None while more than `max_owed` bytes are owed ([`has_room`]). The requests stay in the kernel,
///   and nothing is dropped.
pub fn may_answer(share: &Share, owed: u64, limits: &Limits) -> bool {
    share.answered < TURN_REQUESTS && has_room(owed, limits)
}

/// Whether this client needs another turn although no event will come.
///
/// # Contract
///
/// * True if our own buffer has a line that may be answered ([`has_room`]): a whole one, or one that
///   is too long. The kernel has given these bytes away already, so poll(2) does not report them.
/// * A client that is not `Stage::Open` needs none.
pub fn needs_turn(client: &Client, limits: &Limits) -> bool {
    let may_ask = client.stage == Stage::Open && has_room(client.output.owed(), limits);
    may_ask && client.lines.has_next()
}

/// Takes in a client, or refuses it if `connected` clients are here already.
///
/// # Contract
///
/// * Returns whether it was taken in. One that is refused is owed [`FULL`], and is
///   `Stage::Closing`.
pub fn admit(client: &mut Client, connected: usize, limits: &Limits) -> bool {
    let has_place = connected < limits.max_clients;
    if !has_place {
        client.owe(FULL, client.heard);
        client.stage = Stage::Closing;
    }
    has_place
}
