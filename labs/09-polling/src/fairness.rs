//! Step fairness: the share of each client in a turn, and back pressure.
//!
//! ```text
//!   turn 1    A: 64 requests     B: 1 request     C: 64 KiB of its answer
//!   turn 2    A: 64 requests                      C: 64 KiB
//!                                                                   all three make progress
//!   owed to C > --max-owed: its requests stay in the kernel, its window closes, C has to wait
//! ```

use crate::given::client::Client;
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
///
/// # Steps
///
/// 1. Compare `share.answered` with [`TURN_REQUESTS`], and ask `has_room`.
pub fn may_answer(share: &Share, owed: u64, limits: &Limits) -> bool {
    // Given: a client with few requests. Replace it, because it does not look at `max_owed`.
    if share.answered < TURN_REQUESTS {
        return true;
    }
    todo!("lab09, step fairness: may_answer")
}

/// Whether this client needs another turn although no event will come.
///
/// # Contract
///
/// * True if our own buffer has a line that may be answered ([`has_room`]): a whole one, or one that
///   is too long. The kernel has given these bytes away already, so poll(2) does not report them.
/// * A client that is not `Stage::Open` needs none.
///
/// # Steps
///
/// 1. Three things must hold: the stage, `has_room`, and `client.lines.has_next()`.
pub fn needs_turn(client: &Client, limits: &Limits) -> bool {
    // Given: a client whose lines are all answered.
    if !client.lines.has_next() {
        return false;
    }
    todo!("lab09, step fairness: needs_turn")
}

/// Takes in a client, or refuses it if `connected` clients are here already.
///
/// # Contract
///
/// * Returns whether it was taken in. One that is refused is owed [`FULL`], and is
///   `Stage::Closing`.
///
/// # Steps
///
/// 1. Compare `connected` with `limits.max_clients`.
/// 2. For a client without a place: `client.owe(FULL, client.heard)`, and the stage.
pub fn admit(client: &mut Client, connected: usize, limits: &Limits) -> bool {
    // Given: a client that finds a place.
    if connected < limits.max_clients {
        return true;
    }
    todo!("lab09, step fairness: admit")
}
