//! The clients of step heartbeat, and the words that all three print for one failure.

use super::frame;
use testkit::{Peer, Process, ScriptedServer, Subject, test_time_arg};

/// A timeout in seconds that no test waits for.
pub const PATIENT: f64 = 10.0;

/// `watch` with a backoff so long that a test sees only the first failure.
pub fn watch(lab: &Subject, address: &str, interval: f64) -> Process {
    watch_with(lab, address, interval, "20")
}

pub fn watch_with(lab: &Subject, address: &str, interval: f64, backoff: &str) -> Process {
    let interval = test_time_arg(interval);
    lab.run(["watch", "--connect", address, "--interval", &interval, "--backoff", backoff])
}

/// Expects that all three clients print `word` when no connection can be made.
pub fn all_say(lab: &Subject, address: &str, patience: f64, word: &str) {
    lab.run(["probe", address, "--timeout", &test_time_arg(patience)])
        .expect_line(word)
        .expect_exit(1);
    send_says(&mut send(lab, address, patience), address, word);
    watch_says(&mut watch(lab, address, patience / 3.0), address, word);
}

/// Expects that `send` and `watch` print `word` for a server that misbehaves after the handshake.
/// `probe` cannot know it.
pub fn others_say(
    lab: &Subject,
    patience: f64,
    word: &str,
    misbehave: impl Fn(Peer) -> Option<Peer>,
) {
    let mut server = lab.scripted_server("server");
    let address = server.address();
    let mut send = send(lab, &address, patience);
    let held = misbehave(server.accept());
    send_says(&mut send, &address, word);
    drop(held);

    let mut watch = watch(lab, &address, patience / 3.0);
    let _held = misbehave(server.accept());
    watch_says(&mut watch, &address, word);
}

/// A client that has had its first answer, and pings next in a minute.
pub fn watch_that_is_up(lab: &Subject, server: &mut ScriptedServer) -> (Process, Peer) {
    let mut watch = watch(lab, &server.address(), 60.0);
    let mut peer = server.accept();
    peer.expect(&frame("PING")).send(&frame("OK PONG"));
    watch.expect_line("up");
    (watch, peer)
}

fn send(lab: &Subject, address: &str, timeout: f64) -> Process {
    let timeout = test_time_arg(timeout);
    lab.run(["send", "--connect", address, "--tries", "1", "--timeout", &timeout, "PING"])
}

fn send_says(send: &mut Process, address: &str, word: &str) {
    send.says(
        "one-word-for-each-failure",
        "Return each failure as its own variant of `ClientError` (`classify`, `ask`). All three programs print the same word for it.",
    )
    .expect_error(&[&format!("no answer from {address} after 1 try: {word}")]);
}

fn watch_says(watch: &mut Process, address: &str, word: &str) {
    watch
        .says(
            "report-why-it-is-down",
            "Call `on_event` in `watch` with `Down`, then with `Failed` and the error. `connect`, `ping` and `ping_until_failure` return it.",
        )
        .expect_line("down")
        .expect_log(&format!("{address}: {word}; next try in "));
}
