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
pub fn part(client: Client, farewells: &Farewells, outcome: Result<Ending, MessageError>) {
    let last_words = match outcome {
        Ok(Ending::Asked) => "closed",
        Ok(Ending::Finished) => "",
        Err(MessageError::TooLong) => "ERROR line too long",
        // Nothing that we write would arrive. Dropping the client closes the socket.
        Err(MessageError::Io(error)) => {
            return common::log!("{}: {}", client.peer(), common::net::reason(&error));
        }
    };
    let peer = client.peer();
    farewells.say(client.leave(), peer, last_words);
}
