//! Step isolation: an error of one client ends that client's conversation and nothing else.
//!
//! ```text
//!   how the conversation ended     what the client receives    what the log receives
//!   the client sent close          closed, FIN
//!   the client has finished        FIN
//!   its line is too long           ERROR line too long, FIN
//!   the connection failed          nothing                     the address and the reason
//! ```

use crate::accounting::Client;
use crate::conversation::Ending;
use crate::framing::MessageError;
use crate::given::closing::Closing;

/// Ends the connection of `client` after the conversation, whatever its `outcome`.
///
/// # Contract
///
/// * A client that can still read gets the last line of the table above, if there is one, and a
///   lingering close ([`Closing::close`]).
/// * Its place is free before it gets that line, so that it may connect again after `closed`.
/// * A connection that failed is one line in the log, with the client's address, and is closed.
pub fn finish(client: Client, closing: &Closing, outcome: Result<Ending, MessageError>) {
    let last_line = match outcome {
        Ok(Ending::Asked) => Some("closed"),
        Ok(Ending::Finished) => None,
        Err(MessageError::TooLong) => Some("ERROR line too long"),
        // The connection carries no more bytes. Dropping the client closes it.
        Err(MessageError::Io(error)) => {
            return common::log!("{}: {}", client.peer(), common::net::reason(&error));
        }
    };
    closing.close(client.leave(), last_line);
}
