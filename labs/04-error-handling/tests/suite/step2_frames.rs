//! Step frames: messages in a stream that has none.

use super::{LONG_FRAME_TIMEOUT, NO_PROC, frame};
use testkit::subject;

/// How much more memory a server may use for one client that sends 64 MiB. The kernel counts memory
/// for each CPU, so a look may be wrong by megabytes on a machine that has many.
const ALLOWANCE: usize = 2 << 20;

const REPORT: &str = "Write `ERROR CODE` in `converse` for each `Event::Error`, before you close. `final_event` must return one for `TooLong`.";

const CLOSE: &str = "Close the connection in `converse` after `ERROR TOO_LONG`, or send the missing FIN in `lingering_close`. The server does not know where the next frame begins.";

#[test]
fn a_ping_is_answered() {
    let server = subject!("04").serve([]);
    server
        .connect("peer")
        .says(
            "big-endian-length",
            "Decode the length with `u32::from_be_bytes` in `read_frame`, and write it with `to_be_bytes` in `write_frame`. Network byte order is big-endian.",
        )
        .send(&frame("PING"))
        .expect(&frame("OK PONG"));
}

#[test]
fn an_echo_is_what_was_sent() {
    let server = subject!("04").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "echo-the-exact-text",
        "Return everything after `ECHO ` in `answer` (`strip_prefix`). The text may be empty or contain spaces.",
    );
    for text in ["hello, world", "", "  ECHO  PING \t"] {
        peer.send(&frame(format!("ECHO {text}"))).expect(&frame(format!("OK {text}")));
    }
}

#[test]
fn what_is_no_command_is_said_so() {
    let server = subject!("04").serve([]);
    let mut peer = server.connect("peer");
    for request in ["DROP", "ping", "Ping", "PING ", " PING", "PING x", "PING\n"] {
        peer.says(
            "compare-the-whole-request",
            "Compare the whole request with `PING` in `answer`. Case and spaces count, and nothing is trimmed.",
        );
        peer.send(&frame(request)).expect(&frame("ERROR UNKNOWN_COMMAND"));
    }
    for request in ["ECHO", "echo a", "ECHO\ta", "ECHOa"] {
        peer.says(
            "strip-the-exact-prefix",
            "Call `strip_prefix(\"ECHO \")` in `answer`. Only `ECHO` and one space, in capitals, make an echo.",
        );
        peer.send(&frame(request)).expect(&frame("ERROR UNKNOWN_COMMAND"));
    }
    peer.says(
        "answer-every-frame",
        "Answer every whole frame in `answer_frames`, also one of length 0. Only a read of 0 bytes before a header ends the conversation.",
    )
    .send(&frame(""))
    .expect(&frame("ERROR UNKNOWN_COMMAND"))
    .send(&frame("PING"))
    .expect(&frame("OK PONG"));
}

#[test]
fn a_conversation_cut_anywhere_has_the_same_answers() {
    let long = "x".repeat(300);
    let asked = ["PING", "ECHO one", "ECHO ", &format!("ECHO {long}"), "PING"].map(frame).concat();
    let expected = ["OK PONG", "OK one", "OK ", &format!("OK {long}"), "OK PONG"];
    let expected = expected.map(frame).concat();
    subject!("04").for_any_split(&[], &asked, |peer, pieces| {
        peer.says("one-frame-many-reads", "In `read_frame`, read until header and payload are complete, because one read may return half a header. A `BufReader` would read into the next frame.")
            .send_in_pieces(pieces)
            .expect(&expected)
            .half_close()
            .expect_end();
    });
}

#[test]
fn the_longest_frame_is_taken() {
    let server = subject!("04").serve([]);
    let text = "x".repeat(65_536 - "ECHO ".len());
    server
        .connect("peer")
        .says("the-limit-is-allowed", "Compare with `>` in `read_frame` and `write_frame`. A payload of exactly `MAX_PAYLOAD` bytes is allowed.")
        .exchange(&frame(format!("ECHO {text}")), &frame(format!("OK {text}")));
}

#[test]
fn a_longer_frame_is_refused_at_its_header() {
    let server = subject!("04").serve(LONG_FRAME_TIMEOUT);
    server
        .connect("peer")
        .says(
            "check-the-length-first",
            "Compare the length with `MAX_PAYLOAD` in `read_frame` before you read the payload. This client sends no payload.",
        )
        .says_if_closed("report-the-error-then-close", REPORT)
        .send(&65_537_u32.to_be_bytes())
        .expect(&frame("ERROR TOO_LONG"))
        .says("close-after-too-long", CLOSE)
        .expect_end();
}

#[test]
fn four_bytes_do_not_order_four_gigabytes() {
    let lab = subject!("04");
    if !cfg!(target_os = "linux") {
        return lab.skip("memory cannot be limited from outside on this system");
    }
    let server = lab.limit_memory(1 << 30).serve(LONG_FRAME_TIMEOUT);
    server
        .connect("peer")
        .says(
            "check-before-you-allocate",
            "Compare the length with `MAX_PAYLOAD` in `read_frame` before `vec![0; len]`. Then write `ERROR TOO_LONG` in `converse`.",
        )
        .send(&u32::MAX.to_be_bytes())
        .expect(&frame("ERROR TOO_LONG"))
        .says("close-after-too-long", CLOSE)
        .expect_end();
    server.connect("next").send(&frame("PING")).expect(&frame("OK PONG"));
}

#[test]
fn a_flood_without_a_frames_end_costs_no_memory() {
    let server = subject!("04").serve([]);
    let text = "x".repeat(65_000);
    let visit = || {
        let (asked, answer) = (frame(format!("ECHO {text}")), frame(format!("OK {text}")));
        server.connect("visitor").exchange(&asked, &answer).half_close().expect_end();
    };
    visit();
    let Some(before) = server.resources() else { return server.skip(NO_PROC) };
    // The kernel allocates the zeros only when they are sent.
    let mut flood = vec![0; 64 << 20];
    flood[..4].copy_from_slice(&(64_u32 << 20).to_be_bytes());
    server.connect("flood").send(&flood);
    visit();
    let grown =
        server.resources().map_or(0, |now| now.peak_memory.saturating_sub(before.peak_memory));
    server.check(
        grown <= ALLOWANCE,
        &format!("A frame of 64 MiB cost {} KiB of memory.", grown >> 10),
        "leave-a-long-frame-unread",
        "Return `TooLong` from `read_frame` before you read the payload. Bytes that are not read need no memory.",
    );
}

#[test]
fn clients_that_read_no_answers_delay_no_other_client() {
    let server = subject!("04").serve(LONG_FRAME_TIMEOUT);
    let request = frame(format!("ECHO {}", "x".repeat(65_000)));
    let stuck = ["first", "second"].map(|name| {
        let mut peer = server.connect_non_reading(name);
        peer.says(
            "write-before-you-read-on",
            "Write each answer in `answer_frames` before you read the next frame. Otherwise the answers to a client that does not read fill the memory.",
        )
        .send_until_stuck(&request, 64 << 20);
        peer
    });
    server
        .connect("guest")
        .says(
            "hold-no-lock-while-you-write",
            "Hold no lock in `answer_frames` while you write an answer. A write waits until its client reads, and every other client would wait, too.",
        )
        .send(&frame("PING"))
        .expect(&frame("OK PONG"));
    drop(stuck);
}

#[test]
fn who_leaves_inside_a_frame_gets_no_answer() {
    let server = subject!("04").serve([]);
    for cut in [2, 4, 6] {
        let mut peer = server.connect(&format!("cut at {cut}"));
        peer.send(&frame("PING")).expect(&frame("OK PONG"));
        peer.says(
            "half-a-frame-is-truncated",
            "Return `Truncated` from `read_frame` when the stream ends inside a header or a payload. Half a request has no answer.",
        )
        .send(&frame("PING")[..cut])
        .half_close()
        .expect_end();
    }
}
