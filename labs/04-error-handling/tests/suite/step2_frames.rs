//! Step frames: messages in a stream that has none.

use super::{NO_PROC, frame};
use testkit::subject;

/// "A few hundred kilobytes": what one client may cost.
const ALLOWANCE: usize = 512 << 10;

#[test]
fn a_ping_is_answered() {
    let server = subject!("04").serve([]);
    server
        .connect("peer")
        .says(
            "frame-length-four-bytes",
            "a frame is its length, four bytes with the largest first, and then its bytes",
        )
        .send(&frame("PING"))
        .expect(&frame("OK PONG"));
}

#[test]
fn an_echo_is_what_was_sent() {
    let server = subject!("04").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "everything-echo-text-spaces",
        "everything after `ECHO ` is the text, spaces and all; it may be empty",
    );
    for text in ["hello, world", "", "  ECHO  PING \t"] {
        peer.send(&frame(format!("ECHO {text}"))).expect(&frame(format!("OK {text}")));
    }
}

#[test]
fn what_is_no_command_is_said_so() {
    let server = subject!("04").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "whole-frame-answered-whatever",
        "a whole frame is answered whatever is in it, one without any bytes too; the next follows",
    );
    for request in ["DROP", "ping", "PING ", "PING\n", "ECHO", "echo a", ""] {
        peer.send(&frame(request)).expect(&frame("ERROR UNKNOWN_COMMAND"));
    }
    peer.send(&frame("PING")).expect(&frame("OK PONG"));
}

#[test]
fn a_conversation_cut_anywhere_has_the_same_answers() {
    let long = "x".repeat(300);
    let asked = ["PING", "ECHO one", "ECHO ", &format!("ECHO {long}"), "PING"].map(frame).concat();
    let due = ["OK PONG", "OK one", "OK ", &format!("OK {long}"), "OK PONG"];
    let due = due.map(frame).concat();
    subject!("04").for_any_split(&[], &asked, |peer, pieces| {
        peer.says("read-gives-come-half", "a read gives what has come: half a header, or three frames; take just as much as the frame has")
            .send_in_pieces(pieces)
            .expect(&due)
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
        .says("65-536-bytes-allowed", "65,536 bytes are allowed: only more than that is too long")
        .exchange(&frame(format!("ECHO {text}")), &frame(format!("OK {text}")));
}

#[test]
fn a_longer_frame_is_refused_at_its_header() {
    let server = subject!("04").serve([]);
    server
        .connect("peer")
        .says(
            "length-known-payload-check",
            "the length is known before the payload: check it first, and wait for nothing more",
        )
        .send(&65_537_u32.to_be_bytes())
        .expect(&frame("ERROR TOO_LONG"))
        .expect_end();
}

#[test]
fn four_bytes_do_not_order_four_gigabytes() {
    let lab = subject!("04");
    if !cfg!(target_os = "linux") {
        return lab.skip("memory cannot be limited from outside on this system");
    }
    let server = lab.limit_memory(1 << 30).serve([]);
    server
        .connect("peer")
        .says(
            "peer-chose-number-check",
            "the peer chose that number: check it before it sizes an allocation",
        )
        .send(&u32::MAX.to_be_bytes())
        .expect(&frame("ERROR TOO_LONG"))
        .expect_end();
    server.connect("next").send(&frame("PING")).expect(&frame("OK PONG"));
}

#[test]
fn a_flood_without_a_frames_end_costs_no_memory() {
    let server = subject!("04").serve([]);
    let text = "x".repeat(65_000);
    let visit = || {
        let (asked, due) = (frame(format!("ECHO {text}")), frame(format!("OK {text}")));
        server.connect("visitor").exchange(&asked, &due).half_close().expect_end();
    };
    visit();
    let Some(before) = server.resources() else { return server.skip(NO_PROC) };
    // Zeros: memory that nobody has written to costs nothing until it is sent.
    let mut flood = vec![0; 64 << 20];
    flood[..4].copy_from_slice(&(64_u32 << 20).to_be_bytes());
    server.connect("flood").send(&flood);
    visit();
    let grown = server.resources().map_or(0, |now| now.peak_memory - before.peak_memory);
    server.check(
        grown <= ALLOWANCE,
        &format!("A frame of 64 MiB cost {} KiB of memory.", grown >> 10),
        "long-need-read-read",
        "what is too long need not be read, and what is not read need not be kept",
    );
}

#[test]
fn who_leaves_inside_a_frame_gets_no_answer() {
    let server = subject!("04").serve([]);
    for cut in [2, 4, 6] {
        let mut peer = server.connect(&format!("cut at {cut}"));
        peer.send(&frame("PING")).expect(&frame("OK PONG"));
        peer.says(
            "end-stream-inside-frame",
            "the end of the stream inside a frame: half a request is none, and no more will come",
        )
        .send(&frame("PING")[..cut])
        .half_close()
        .expect_end();
    }
}
