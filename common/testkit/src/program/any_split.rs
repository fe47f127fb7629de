//! One conversation with a server under test, split at any offsets.

use super::server::Server;
use super::subject::Subject;
use crate::failure::quietly;
use crate::splits::for_any_split;
use crate::tcp::Peer;
use std::cell::Cell;

impl Subject {
    /// Holds one conversation, split in a dozen ways, with a server, `serve ARGS`: for each,
    /// connects a peer and gives it to `story` with the pieces to send. A failing split is shrunk
    /// to a smallest one.
    pub fn for_any_split(
        &self,
        args: &[&str],
        conversation: &[u8],
        story: impl Fn(&mut Peer, &[&[u8]]),
    ) {
        self.for_any_split_as("serve", args, conversation, story);
    }

    /// The same with `COMMAND ARGS`.
    pub fn for_any_split_as(
        &self,
        command: &str,
        args: &[&str],
        conversation: &[u8],
        story: impl Fn(&mut Peer, &[&[u8]]),
    ) {
        let unharmed: Cell<Option<Server>> = Cell::new(None);
        for_any_split(conversation, |pieces| {
            // A server starts slowly, so the next story has the last one's. A failure may then come
            // from the story before. A program that is half written serves one client, and then
            // comes to its next step. So only a fresh server can judge a story.
            if let Some(server) = unharmed.take() {
                self.context.ladder().clear_rows();
                if quietly(|| story(&mut server.connect("peer"), pieces)).is_ok() {
                    return unharmed.set(Some(server));
                }
            }
            self.context.start_over();
            let server = self.serve_as(command, "127.0.0.1:0", args.iter().copied());
            story(&mut server.connect("peer"), pieces);
            unharmed.set(Some(server));
        });
    }
}
