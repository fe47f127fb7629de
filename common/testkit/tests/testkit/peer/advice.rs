//! Advice of its own for a close, for a missing close, and for surplus bytes.

use super::{End, nothing, say};
use crate::support::{Played, QUICK, apart, assert_says, failure, fin, here, played, rst};

#[test]
fn a_close_has_an_advice_of_its_own() {
    for end in [fin as End, rst] {
        let played = played!(say(b"", end));
        let text = failure(|| {
            let mut peer = played.server.connect("peer");
            peer.says("write-it-all", "write it all")
                .says_if_closed("report", "report, then close");
            peer.send(b"hello").expect(b"world");
        });
        assert_says(&text, &["Think about it: report, then close"]);
    }
    let played = played!(say(b"word", fin));
    let text = failure(|| {
        let mut peer = played.server.connect("peer");
        peer.says("write-it-all", "write it all").says_if_closed("report", "report, then close");
        peer.send(b"hello").expect(b"world");
    });
    assert_says(&text, &["Think about it: write it all"]);
}

/// Expects `hello` and the end of a program that does not end.
fn expect_hello_and_end<T>(played: &Played<T>) {
    let mut peer = played.server.connect("peer");
    peer.says("all", "all of it").says_if_open("end-at-0", "end at 0");
    peer.send(b"hello").expect(b"hello").expect_end();
}

#[test]
fn a_missing_close_has_an_advice_of_its_own() {
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        expect_hello_and_end(&played!(say(b"hello", nothing)));
    });
    told.fails_with(&["Think about it: end at 0"]);
    let played = played!(say(b"jello", nothing));
    let text = failure(|| expect_hello_and_end(&played));
    assert_says(&text, &["Think about it: all of it"]);
}

#[test]
fn too_many_bytes_have_an_advice_of_their_own() {
    for (answer, advice) in [(&b"jello"[..], "all of it"), (b"hello\0\0", "the bytes read")] {
        let played = played!(say(answer, fin));
        let text = failure(|| {
            let mut peer = played.server.connect("peer");
            peer.says("all", "all of it").says_if_more("only-read", "the bytes read");
            peer.send(b"hello").expect(b"hello").expect_end();
        });
        assert_says(&text, &[&format!("Think about it: {advice}")]);
    }
}
