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
///
/// # Steps
///
/// 1. Log a connection that failed (`common::log!`) and return. A connection that failed needs no
///    lingering close, so it is enough that `client` is dropped.
/// 2. For every other outcome find the last line, if there is one. [`Client::leave`] frees the
///    place and returns the stream, and [`Closing::close`] does the rest.
pub fn finish(client: Client, closing: &Closing, outcome: Result<Ending, MessageError>) {
    // Given, so that the earlier steps can be tried. These are the endings without an error.
    if let Ok(ending) = outcome {
        let last_line = (ending == Ending::Asked).then_some("closed");
        return closing.close(client.leave(), last_line);
    }
    todo!("lab02, step isolation: finish")
}
