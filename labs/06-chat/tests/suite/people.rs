//! Used by the tests of several steps: peers that join the room.

use testkit::{Peer, Server, show};

/// The first bytes of the server.
pub const PROMPT: &[u8] = b"Enter your name: ";

/// The first bytes of a welcome.
const WELCOME: &[u8] = b"Welcome, ";

/// Advice for a newcomer that gets a line about itself.
pub const NEWCOMER_GETS_THE_WELCOME_ONLY: &str = "In join, call `send_to_members` before `add_member`, and send the welcome last. A newcomer does not get its own announcement.";

/// A queue that a burst of lines does not fill.
pub const ROOMY: [&str; 2] = ["--queue", "10000"];

/// Advice for a connection that ends in a reset.
pub const LINGERING_CLOSE: &str = "In handle_connection, close with `close::lingering_shared`. A plain close with unread bytes in the receive queue sends an RST.";

const END_THE_LINE: &str = "In join, end the welcome with `\\n` right behind the list of the members that joined before. Every line ends with `\\n`, but not the prompt.";

/// Advice for a server that closes a connection without the last words.
pub const WORDS_BEFORE_THE_CLOSE: &str = "In handle_connection, pass `End::last_words` to leave, which pushes them. Close when write_lines has sent the whole queue, not before.";

/// Advice for a line that has a U+FFFD where its ending was.
const ENDING_BEFORE_CLEAN: &str = "In talk, read lines with `line::read`, which takes the ending off. `clean` replaces every control character, also a newline.";

/// Joins as `name`. `here` is the list that the welcome must have.
pub fn join(server: &Server, name: &str, here: &str) -> Peer {
    enter(server.connect(name), name, here)
}

/// Joins with a peer that is already connected.
pub fn enter(mut peer: Peer, name: &str, here: &str) -> Peer {
    give_name(&mut peer, name);
    expect_welcome(&mut peer, name, &format!("Welcome, {name}. Here: {here}"));
    peer
}

/// Joins as `name`, and looks whether its own announcement comes instead of the welcome.
pub fn join_first(server: &Server, name: &str, here: &str) -> Peer {
    let mut peer = server.connect(name);
    give_name(&mut peer, name);
    expect_no_announcement(&mut peer, name);
    expect_welcome(&mut peer, name, &format!("{name}. Here: {here}"));
    peer
}

fn give_name(peer: &mut Peer, name: &str) {
    peer.says(
        "prompt-name-welcome",
        "Check that `ask` sends the prompt, and that `join` sends the welcome after `add_member`. If you have begun step slow, check that write_lines runs, and flushes.",
    )
    .expect(PROMPT)
    .send(format!("{name}\n").as_bytes());
}

/// Expects `welcome`, or the rest of it, and its ending.
fn expect_welcome(peer: &mut Peer, name: &str, welcome: &str) {
    peer.expect(welcome.as_bytes())
        .says("end-the-line", END_THE_LINE)
        .expect(b"\n")
        .fold_rows(&format!("connects, joins as {name}"));
    says_nothing_special(peer);
}

/// Expects the first word of the welcome. A newcomer may get its own announcement instead. Not for a
/// peer that does not read, because `pass_on` makes its receive buffer larger.
fn expect_no_announcement(peer: &mut Peer, name: &str) {
    let mut first = Vec::new();
    peer.pass_on(WELCOME.len() as u64, &mut first);
    let is_announced = format!("{name} joined the chat\n").as_bytes().starts_with(&first);
    if is_announced && first != WELCOME {
        let announcement = String::from_utf8_lossy(&first).into_owned() + &peer.line();
        peer.says("newcomer-gets-the-welcome-only", NEWCOMER_GETS_THE_WELCOME_ONLY);
        let sentence = format!("The newcomer {name} received {announcement:?} before its welcome.");
        peer.check(false, &sentence, "wanted the welcome");
    }
    let sentence = format!(
        "The server sent {} where the first bytes of {} were expected.",
        show(&first),
        show(WELCOME)
    );
    peer.check(first == WELCOME, &sentence, "wanted the welcome");
}

/// Joins as `name`. The list of the welcome does not matter.
pub fn join_any(server: &Server, name: &str) -> Peer {
    enter_any(server.connect(name), name)
}

/// The same with a peer that is already connected.
pub fn enter_any(mut peer: Peer, name: &str) -> Peer {
    peer.expect(PROMPT).send(format!("{name}\n").as_bytes());
    peer.line();
    peer.fold_rows(&format!("connects, joins as {name}"));
    peer
}

/// What a peer advises until its test knows more. The advice of the joining must not stay.
fn says_nothing_special(peer: &mut Peer) {
    peer.says(
        "compare-with-the-protocol",
        "Find the function that sends this line. Compare with the protocol in the brief what it sends, to which members, and when. Each line ends in one `\\n`.",
    );
}

/// Expects the line `wanted`. If another line comes, `id` and `think` are the advice.
pub fn expect_line(peer: &mut Peer, wanted: &str, id: &str, think: &str) {
    let line = peer.line();
    let (id, think) = match line.strip_prefix(wanted) {
        Some("\u{fffd}") => ("ending-before-clean", ENDING_BEFORE_CLEAN),
        _ => (id, think),
    };
    let sentence = format!(
        "The server sent the line {} where {} was expected.",
        show(line.as_bytes()),
        show(wanted.as_bytes())
    );
    peer.says(id, think).check(line == wanted, &sentence, &format!("wanted {wanted:?}"));
}

/// Expects that the server closes gracefully, and sends no line before. The client has sent bytes that
/// the server did not read.
pub fn expect_end_after_last_words(server: &Server, peer: &mut Peer) {
    let behind = peer.says("lingering-close", LINGERING_CLOSE).rest();
    server.check(
        behind.is_empty(),
        &format!("A connection received {} behind its last line.", show(&behind)),
        "last-words-once",
        "In leave, call `remove` first and push the last words once after it. No other function sends them, so execute only returns `Break(End::Quit)`.",
    );
    peer.expect_no_reset();
}

/// All of `names` join, one after the other. Each has received the announcements of those behind it.
pub fn room<const COUNT: usize>(server: &Server, names: [&str; COUNT]) -> [Peer; COUNT] {
    let mut here: Vec<Peer> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let list = if index == 0 { "nobody else".to_owned() } else { names[..index].join(", ") };
        let newcomer = join(server, name, &list);
        for peer in &mut here {
            peer.says(
                "announce-the-newcomer",
                "In join, send `NAME joined the chat` to all members that joined before.",
            )
            .expect(format!("{name} joined the chat\n").as_bytes());
        }
        here.push(newcomer);
    }
    for (peer, name) in here.iter_mut().zip(names) {
        peer.fold_rows(&format!("connects, joins as {name}"));
        says_nothing_special(peer);
    }
    here.try_into().expect("as many as names")
}

/// The next `count` lines.
pub fn lines(peer: &mut Peer, count: usize) -> Vec<String> {
    (0..count).map(|_| peer.line()).collect()
}
