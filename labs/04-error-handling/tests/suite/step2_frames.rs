//! Step frames: messages in a stream that has none.

use super::{LONG_FRAME_TIMEOUT, NO_PROC, frame};
use testkit::{Deadline, Peer, Server, poll_until, show, subject};

/// How much more memory a server may use for one client that sends 64 MiB. The kernel counts memory
/// for each CPU, so a look may be wrong by megabytes on a machine that has many.
const ALLOWANCE: usize = 2 << 20;

const REPORT: &str = "Write `ERROR CODE` in `converse` for each `Event::Error`, before you close. `final_event` must return one for `TooLong`.";

const IN_A_FRAME: &str = "Write `ERROR` and the code in `converse` with `write_frame`. An `ERROR` is a frame, too. Take the code from `final_event`.";

const ONCE: &str = "Write the code of an `Event::Error` once, in `converse`. `answer_frames` and `final_event` only return the event.";

const GO_ON: &str = "Go on in the loop of `answer_frames` after each answer, also after an `ERROR`. Only FIN or an error of `next_frame` ends it.";

const CLOSE: &str = "Close the connection in `converse` after `ERROR TOO_LONG`, or send the missing FIN in `lingering_close`. The server does not know where the next frame begins.";

#[test]
fn a_ping_is_answered() {
    let server = subject!("04").serve([]);
    let mut peer = server.connect("peer");
    peer.says("big-endian-length", BIG_ENDIAN).send(&frame("PING"));
    // As many bytes as an answer without a header has.
    let (expected, mut answer) = (frame("OK PONG"), Vec::new());
    peer.pass_on("OK PONG".len() as u64, &mut answer);
    match answer[..4] {
        [0, 0, 0, 11] => peer.says(
            "count-the-payload-only",
            "Write the length of the payload in `write_frame`, without the four bytes of the header. `read_frame` decodes it in the same way.",
        ),
        [b'O', b'K', ..] => peer.says(
            "a-header-before-each-payload",
            "Write the length in `write_frame` before the payload: four bytes, big-endian. An answer is a frame, too.",
        ),
        _ => &mut peer,
    };
    let wanted = &expected[..answer.len()];
    peer.check(
        answer == wanted,
        &format!(
            "The answer to PING begins with {} where {} was due.",
            show(&answer),
            show(wanted)
        ),
        "wanted 00 00 00 07 \"OK PONG\"",
    );
    peer.expect(&expected[answer.len()..]);
}

const BIG_ENDIAN: &str = "Decode the length with `u32::from_be_bytes` in `read_frame`, and write it with `to_be_bytes` in `write_frame`. Network byte order is big-endian.";

#[test]
fn an_echo_is_what_was_sent() {
    let server = subject!("04").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "echo-the-exact-text",
        "Return everything after `ECHO ` in `answer` (`strip_prefix`). Trim nothing, neither there nor in `decode`. The text may be empty or contain spaces.",
    )
    .says_if_closed("go-on-after-an-answer", GO_ON);
    for text in ["hello, world", "", "  ECHO  PING \t"] {
        peer.send(&frame(format!("ECHO {text}"))).expect(&frame(format!("OK {text}")));
    }
}

#[test]
fn what_is_no_command_is_said_so() {
    let server = subject!("04").serve(LONG_FRAME_TIMEOUT);
    let mut peer = server.connect("peer");
    refuses_with_a_code(&mut peer);
    for request in ["ping", "Ping", "PING ", " PING", "PING x", "PING\n"] {
        peer.says("compare-the-whole-request", WHOLE_REQUEST)
            .says_if_closed("go-on-after-an-answer", GO_ON);
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
        "read-no-empty-payload",
        "Do not read a payload of length 0 in `read_frame`. A read into an empty buffer waits for the next byte, and returns 0.",
    )
    .says_if_closed(
        "answer-every-frame",
        "Answer every whole frame in `answer_frames`, also one of length 0. Only a read of 0 bytes before a header ends the conversation.",
    )
    .send(&frame(""))
    .expect(&frame("ERROR UNKNOWN_COMMAND"))
    .send(&frame("PING"))
    .expect(&frame("OK PONG"));
}

const WHOLE_REQUEST: &str = "Compare the whole request with `PING` in `answer`. Case and spaces count. Trim nothing, neither there nor in `decode`.";

/// Sends a request that is no command. An answer that is an ERROR, and not the expected one, has a
/// wrong code.
fn refuses_with_a_code(peer: &mut Peer) {
    peer.says("compare-the-whole-request", WHOLE_REQUEST)
        .says_if_closed("go-on-after-an-answer", GO_ON);
    let (expected, mut answer) = (frame("ERROR UNKNOWN_COMMAND"), Vec::new());
    // As many bytes as the shortest answer has.
    peer.send(&frame("DROP")).pass_on("OK ".len() as u64 + 4, &mut answer);
    if answer[4..] == *b"ERR" {
        peer.says(
            "write-the-code-with-display",
            "Return `ERROR {code}` from `answer_frame` (Display), and nothing after it. `{code:?}` (Debug) writes the name of the variant.",
        );
        // An answer of another length is shown whole, because a part of it may be right.
        let rest = u64::from(answer[3]).saturating_sub("ERR".len() as u64);
        peer.pass_on(rest, &mut answer);
    }
    let wanted = &expected[..answer.len().min(expected.len())];
    peer.check(
        answer == wanted,
        &format!("The answer to DROP is {} where {} was due.", show(&answer), show(&expected)),
        "wanted \"ERROR UNKNOWN_COMMAND\"",
    );
    peer.expect(&expected[answer.len()..]);
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
    let mut peer = server.connect("peer");
    peer.says(
            "check-the-length-first",
            "Compare the length with `MAX_PAYLOAD` in `read_frame` before you read the payload. This client sends no payload.",
        )
        .says_if_closed("report-the-error-then-close", REPORT)
        .send(&65_537_u32.to_be_bytes());
    if poll_until(Deadline::usual(), || peer.has_received()) {
        peer.says("an-error-is-a-frame", IN_A_FRAME)
            .says_if_closed("report-the-error-then-close", REPORT);
    }
    peer.expect(&frame("ERROR TOO_LONG"))
        .says("close-after-too-long", CLOSE)
        .says_if_more("send-the-code-once", ONCE)
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
    let mut server = subject!("04").serve(LONG_FRAME_TIMEOUT);
    let request = frame(format!("ECHO {}", "x".repeat(65_000)));
    let mut peer = server.connect_non_reading("deaf");
    peer.says(
        "write-before-you-read-on",
        "Write each answer in `answer_frames` before you read the next frame. Otherwise the answers to a client that does not read fill the memory.",
    );
    let sent = peer.send_until_stuck(&request, 64 << 20);
    server
        .connect("guest")
        .says(
            "hold-no-lock-while-you-write",
            "Hold no lock in `answer_frames` while you write an answer. A write waits until its client reads, and every other client would wait, too.",
        )
        .send(&frame("PING"))
        .expect(&frame("OK PONG"));
    expect_whole_answers(&mut server, &mut peer, (sent / request.len()).min(FEW_ANSWERS));
}

/// More answers than the server's send buffer holds for a peer that does not read. To read more of them
/// through the small buffer of such a peer takes long.
const FEW_ANSWERS: usize = 4;

/// Interrupts the server in a write to `peer`, and expects that the first `count` answers are whole
/// nevertheless.
fn expect_whole_answers(server: &mut Server, peer: &mut Peer, count: usize) {
    server.wait_until_idle();
    if !server.pause() || !server.resume() {
        return;
    }
    let answer = frame(format!("OK {}", "x".repeat(65_000)));
    let mut answers = Vec::new();
    peer.says("write-the-whole-frame", WRITE_ALL)
        .pass_on((count * answer.len()) as u64, &mut answers);
    let whole = answers.chunks(answer.len()).take_while(|next| *next == answer).count();
    server.check(
        whole == count,
        &format!("A signal interrupted the server in a write. Of {count} answers, the first {whole} are whole."),
        "write-the-whole-frame",
        WRITE_ALL,
    );
}

const WRITE_ALL: &str = "Call `write_all` in `write_frame`. One `write` may take a part of the frame, for example when a signal (Ctrl-Z) interrupts it.";

#[test]
fn answers_leave_immediately() {
    let server = subject!("04").serve([]);
    // A busy machine may send a segment twice, but hardly in each of three connections.
    let fewest = (0..3).filter_map(|_| {
        let mut peer = server.connect("peer");
        peer.send(&frame("PING")).expect(&frame("OK PONG"));
        peer.segments()
    });
    let fewest = fewest.min();
    server.check(
        fewest.is_none_or(|count| count == 1),
        &format!("The answer to PING came in {} segments.", fewest.unwrap_or_default()),
        "one-write-for-a-frame",
        "In `write_frame`, put header and payload into one buffer, and write it with one `write_all`. Each write may leave in its own packet.",
    );
    server.connect("peer").expect_undelayed_answers(
        &frame("PING"),
        &frame("OK PONG"),
        "turn-off-nagle",
        "Call `set_nodelay(true)` in `converse`. Nagle's algorithm holds back a small answer until the client has acknowledged the one before.",
    );
}

#[test]
fn who_leaves_inside_a_frame_gets_no_answer() {
    let server = subject!("04").serve([]);
    for cut in [2, 4, 6] {
        let mut peer = server.connect(&format!("cut at {cut}"));
        peer.send(&frame("PING")).expect(&frame("OK PONG"));
        peer.says(
            "half-a-frame-is-truncated",
            "Return `Truncated` from `read_frame` when the stream ends inside a header or a payload, and `Event::Broken` from `final_event`. Half a request has no answer.",
        )
        .send(&frame("PING")[..cut])
        .half_close()
        .expect_end();
    }
}
