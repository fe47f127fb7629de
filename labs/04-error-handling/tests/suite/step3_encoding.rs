//! Step encoding: bytes become text, or are refused.

use super::frame;
use testkit::subject;

const GO_ON: &str = "Go on in the loop of `answer_frames` after `ERROR BAD_ENCODING`. The frame was whole, so the next one begins right behind it.";

#[test]
fn text_of_every_script_comes_back() {
    let server = subject!("04").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "keep-every-character",
        "Convert the bytes with `String::from_utf8` in `decode`. Trim nothing and replace nothing.",
    );
    for text in ["Grüße, 世界!", "\u{1f980}\u{10ffff}", "a\0b\r\n", "\u{feff}\u{fffd} é e\u{301}"]
    {
        peer.send(&frame(format!("ECHO {text}"))).expect(&frame(format!("OK {text}")));
    }
    // A byte order mark is a character, also as the first one.
    peer.send(&frame("\u{feff}PING")).expect(&frame("ERROR UNKNOWN_COMMAND"));
    // The limit of a frame counts bytes. This one has 65,535, and half as many characters.
    let text = "é".repeat(32_765);
    peer.exchange(&frame(format!("ECHO {text}")), &frame(format!("OK {text}")));
}

#[test]
fn what_is_no_text_is_refused_and_the_next_frame_answered() {
    let server = subject!("04").serve([]);
    server
        .connect("peer")
        .says("bad-text-ends-no-conversation", "Return an error from `decode` for bytes that are not UTF-8, and just `ERROR BAD_ENCODING` from `answer_frame`. The next frame begins right behind it.")
        .send(&frame(b"ECHO \xff\xfe"))
        .expect(&frame("ERROR BAD_ENCODING"))
        .says_if_closed("go-on-after-bad-text", GO_ON)
        .send(&frame("PING"))
        .expect(&frame("OK PONG"));
}

#[test]
fn nothing_that_only_looks_like_text_is_mended() {
    let server = subject!("04").serve([]);
    let mut peer = server.connect("peer");
    peer.says("let-std-judge-utf-8", "Let `String::from_utf8` judge the whole payload in `decode`. UTF-8 has exactly one encoding for each character (RFC 3629, section 10).");
    peer.says_if_closed("go-on-after-bad-text", GO_ON);
    let disguised_slash = b"\xc0\xaf";
    let half_of_a_pair = b"\xed\xa0\x80";
    let beyond_unicode = b"\xf4\x90\x80\x80";
    // A frame may not end inside a character, and the next may not complete it.
    let (front, back) = (b"\xc3", b"\xa9");
    for bytes in [&disguised_slash[..], half_of_a_pair, beyond_unicode, front, back] {
        peer.send(&frame([b"ECHO ", bytes].concat())).expect(&frame("ERROR BAD_ENCODING"));
    }
    peer.send(&frame(b"PING\xff")).expect(&frame("ERROR BAD_ENCODING"));
}

#[test]
fn a_character_that_the_network_cuts_is_one_character() {
    let server = subject!("04").serve([]);
    let asked = frame("ECHO aé世\u{1f980}");
    let pieces: Vec<&[u8]> = asked.chunks(1).collect();
    server
        .connect("peer")
        .says(
            "decode-whole-frames",
            "Call `decode` with a whole payload, never with the bytes of one read. A read may end inside a character.",
        )
        .send_in_pieces(&pieces)
        .expect(&frame("OK aé世\u{1f980}"));
}
