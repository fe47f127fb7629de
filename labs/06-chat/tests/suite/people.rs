//! What the tests of several steps have in common: people who join.

use testkit::{Peer, Server};

/// What the server says first.
pub const PROMPT: &[u8] = b"Enter your name: ";

/// A queue that no test fills by accident: a burst of lines is no slow reader.
pub const ROOMY: [&str; 2] = ["--queue", "10000"];

/// Joins as `name`; `here` is what the welcome must list.
pub fn join(server: &Server, name: &str, here: &str) -> Peer {
    enter(server.connect(name), name, here)
}

/// The same for a peer that is connected already.
pub fn enter(mut peer: Peer, name: &str, here: &str) -> Peer {
    peer.says(
        "first-prompt-newline-name",
        "first the prompt, without a newline; then a name; then `Welcome, NAME. Here: ...`",
    )
    .expect(PROMPT)
    .send(format!("{name}\n").as_bytes())
    .expect(format!("Welcome, {name}. Here: {here}\n").as_bytes());
    peer
}

/// All of `names` join, one after the other, and have heard of each other.
pub fn room<const COUNT: usize>(server: &Server, names: [&str; COUNT]) -> [Peer; COUNT] {
    let mut here: Vec<Peer> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let list = if index == 0 { "nobody else".to_owned() } else { names[..index].join(", ") };
        let newcomer = join(server, name, &list);
        for peer in &mut here {
            peer.says("hear-name-joined-chat", "the others hear `NAME joined the chat`")
                .expect(format!("{name} joined the chat\n").as_bytes());
        }
        here.push(newcomer);
    }
    here.try_into().expect("as many as names")
}

/// The next `count` lines.
pub fn lines(peer: &mut Peer, count: usize) -> Vec<String> {
    (0..count).map(|_| peer.line()).collect()
}
