//! Step isolation: one client's trouble ends here.
//!
//! ```text
//!   how the conversation ended      what the client hears        what the log says
//!   it said close                   closed, FIN
//!   it has finished                 FIN
//!   its line is too long            ERROR line too long, FIN
//!   the connection failed           nothing can be said          who, and why
//! ```

use crate::accounting::Client;
use crate::conversation::Ending;
use crate::framing::MessageError;
use crate::given::farewell::Farewells;

/// Ends the conversation with `client`, whatever its `outcome`.
///
/// # Contract
///
/// * Whoever can still hear it is told why, in the words above, and closed in order
///   ([`Farewells::say`]).
/// * Its place is free before it hears that: who has heard `closed` may come again at once.
/// * A connection that failed is one line in the log, with the client's address, and is closed.
///
/// # Steps
///
/// 1. Whom nothing can be said to any more is logged (`common::log!`) and dropped.
/// 2. For all others find the last words. [`Client::leave`] frees the place and gives you the
///    connection; [`Farewells::say`] does the rest.
pub fn part(client: Client, farewells: &Farewells, outcome: Result<Ending, MessageError>) {
    // When all went well, so that the steps before this one can be tried.
    if let Ok(ending) = outcome {
        let (peer, last_words) =
            (client.peer(), if ending == Ending::Asked { "closed" } else { "" });
        return farewells.say(client.leave(), peer, last_words);
    }
    todo!("lab02, step isolation: part")
}
