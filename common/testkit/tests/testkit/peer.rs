//! A peer's expectations, and the sentence, mark and ladder of each that does not hold.

mod advice;

use crate::support::{QUICK, apart, assert_says, failure, fin, here, played, read_all, rst};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixListener;
use std::thread;
use std::time::Duration;
use testkit::{Peer, scale_deadline};

/// What the other end does after it has read `hello`, told to a peer that expects `world`.
fn say(what: &'static [u8], end: End) -> impl FnOnce(TcpStream) + Send + 'static {
    move |mut stream| {
        stream.read_exact(&mut [0; 5]).expect("the peer says hello");
        stream.write_all(what).expect("the peer listens");
        end(&stream);
        read_all(&stream);
    }
}

/// How the other end ends.
type End = fn(&TcpStream);

fn nothing(_: &TcpStream) {}

#[test]
fn an_early_fin() {
    let played = played!(say(b"wor", fin));
    let text = failure(|| {
        let mut peer = played.server.connect("peer");
        peer.says("write-it-all", "write it all").send(b"hello").expect(b"world");
    });
    assert_says(
        &text,
        &[
            "✗ peer › an_early_fin",
            "The server closed the connection after 3 bytes of the 5 bytes that were due.",
            "peer",
            "sh serve",
            "│ ── connect ──",
            "│ ── \"hello\" ──",
            "── \"wor\" ── │",
            "── FIN ── │",
            "✗ wanted 2 bytes more: \"ld\"",
            "Think about it: write it all",
        ],
    );
}

#[test]
fn bytes_that_came_too_early_are_marked_where_they_came() {
    let played = played!(say(b"hel\0\0", nothing));
    let text = failure(|| {
        let mut peer = played.server.connect("peer");
        peer.send(b"hello").expect(b"hel").send(b"more").expect(b"lo");
    });
    assert_says(&text, &["\"hel\" 00 00 ── │", "✗ wanted \"lo\" there", "── \"more\" ──"]);
}

#[test]
fn a_reset() {
    let played = played!(|stream| {
        say(b"", rst)(stream);
    });
    let text = failure(|| {
        played.server.connect("peer").send(b"hello").expect(b"world");
    });
    assert_says(
        &text,
        &[
            "The server reset the connection (RST) after 0 bytes of the 5 bytes that were due.",
            "── \"hello\" ──",
            "── RST ── │",
            "✗ wanted \"world\"",
        ],
    );
}

#[test]
fn silence() {
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        let played = played!(say(b"wor", nothing));
        played.server.connect("peer").send(b"hello").expect(b"world");
    });
    told.fails_with(&[
        "The server sent 3 bytes of the 5 bytes that were due, and then nothing more.",
        "── \"wor\" ── │",
        "✗ wanted 2 bytes more: \"ld\"",
    ]);
    assert!(told.took >= scale_deadline(Duration::from_millis(200)), "{:?}", told.took);
}

#[test]
fn wrong_bytes() {
    let played = played!(say(b"would", nothing));
    let text = failure(|| {
        played.server.connect("peer").send(b"hello").expect(b"world");
    });
    assert_says(
        &text,
        &[
            "The server sent \"would\" where \"world\" was due: the first difference is at byte 2.",
            "── \"would\" ── │",
            "✗ wanted \"world\" there",
        ],
    );
}

#[test]
fn wrong_bytes_in_the_middle_show_that_there_is_more() {
    let played = played!(say(b"the text was rejected\n", nothing));
    let text = failure(|| {
        let mut peer = played.server.connect("peer");
        peer.send(b"").send(b"hello").expect(b"the text was accepted: thank you\n");
    });
    assert_says(&text, &["✗ wanted …\"ext was accepted: thank \"… there"]);
    assert!(!text.contains("── \"\" ──"), "nothing is no row: {text}");
}

#[test]
fn wrong_bytes_in_a_long_message() {
    let mut sent = vec![b'a'; 100_000];
    sent[70_000] = b'b';
    let played = played!(move |mut stream| {
        stream.write_all(&sent).expect("the peer reads");
        read_all(&stream);
    });
    let text = failure(|| {
        played.server.connect("peer").expect(&[b'a'; 100_000]);
    });
    assert_says(
        &text,
        &[
            "sent …\"aaaaaaaaaaaaaaaabaaaaaaaaaaaaaaa\"… (100,000 bytes) where",
            "…\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"… (100,000 bytes) was due: the first difference is at byte",
            "70,000.",
            "✗ wanted …\"aaaaaaaaaaaaaaaaaaaaaaaa\"… there",
        ],
    );
}

#[test]
fn a_check_of_a_connection_has_its_row() {
    let played = played!(say(b"hello", nothing));
    let text = failure(|| {
        let mut peer = played.server.connect("peer");
        peer.send(b"hello").expect(b"hello").says("an-id", "think").check(
            true,
            "It holds.",
            "wanted more",
        );
        peer.check(false, "It does not hold.", "wanted less");
    });
    assert_says(&text, &["It does not hold.", "✗ wanted less", "Think about it: think"]);
}

#[test]
fn too_many_bytes() {
    let played = played!(say(b"world!", fin));
    let text = failure(|| {
        let mut peer = played.server.connect("peer");
        peer.send(b"hello").expect(b"world").expect_end();
    });
    assert_says(
        &text,
        &[
            "The server sent \"!\" where nothing more was due.",
            "── \"world!\" ── │",
            "✗ wanted silence",
        ],
    );
}

#[test]
fn words_where_silence_is_due() {
    let played = played!(|mut stream| {
        stream.write_all(b"psst").expect("the peer listens");
        read_all(&stream);
    });
    let text = failure(|| {
        let mut peer = played.server.connect("peer");
        // Only so that they have surely come.
        peer.expect(b"p").expect_silence();
    });
    assert_says(&text, &["The server sent \"sst\" where nothing more was due."]);
}

#[test]
fn a_goodbye_where_silence_is_due() {
    let ends: [(End, &str); 2] = [
        (fin, "The server closed the connection where it should only have waited."),
        (rst, "The server reset the connection (RST) where it should only have waited."),
    ];
    for (end, sentence) in ends {
        let played = played!(move |mut stream: TcpStream| {
            stream.write_all(b"world").expect("the peer listens");
            end(&stream);
            stream
        });
        let text = failure(|| {
            let mut peer = played.server.connect("peer");
            peer.expect(b"world");
            drop(played.player.join().expect("no panic"));
            peer.expect_silence();
        });
        assert_says(&text, &[sentence, "✗ wanted silence"]);
    }
}

#[test]
fn silence_where_it_is_due() {
    let played = played!(say(b"world", nothing));
    let mut peer = played.server.connect("peer");
    peer.send(b"hello").expect(b"world").expect_silence();
}

#[test]
fn no_end() {
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        let played = played!(say(b"", nothing));
        played.server.connect("peer").send(b"hello").expect_end();
    });
    told.fails_with(&["The server did not close the connection.", "✗ wanted: FIN"]);
}

#[test]
fn a_reset_instead_of_an_end_and_an_end_instead_of_a_reset() {
    let played = played!(say(b"", rst));
    let text = failure(|| {
        played.server.connect("peer").send(b"hello").expect_end();
    });
    assert_says(&text, &["reset the connection (RST) where an orderly end (FIN) was due."]);
    let played = played!(say(b"", fin));
    let text = failure(|| {
        played.server.connect("peer").send(b"hello").expect_reset();
    });
    let sentence =
        "The server closed the connection gracefully (FIN) instead of resetting it (RST).";
    assert_says(&text, &[sentence, "✗ wanted: RST"]);
    let played = played!(say(b"last words", rst));
    played.server.connect("peer").send(b"hello").expect_reset();
}

#[test]
fn a_flood_instead_of_an_end() {
    for until in [Peer::until_gone, Peer::until_reset] {
        let played = played!(|mut stream| while stream.write_all(&[0; 64 * 1024]).is_ok() {});
        let text = failure(|| {
            until(&mut played.server.connect("peer"), &mut std::io::sink());
        });
        assert_says(&text, &["bytes and does not stop.", "✗ wanted it to stop"]);
    }
}

#[test]
fn lines_and_the_rest() {
    let played = played!(|mut stream| {
        stream.write_all(b"one\r\ntwo\nthree").expect("the peer reads");
    });
    let mut peer = played.server.connect("peer");
    assert_eq!((peer.line().as_str(), peer.line().as_str()), ("one\r", "two"));
    assert_eq!(peer.rest(), b"three");
    let played = played!(|mut stream| {
        stream.write_all(b"on").expect("the peer reads");
    });
    let text = failure(|| drop(played.server.connect("peer").line()));
    assert_says(
        &text,
        &["closed the connection after 2 bytes of a line that was due.", "✗ wanted a whole line"],
    );
}

#[test]
fn a_flood_is_no_answer() {
    fn flood(mut stream: TcpStream) {
        while stream.write_all(&[b'x'; 64 * 1024]).is_ok() {}
    }
    let played = played!(flood);
    let text = failure(|| drop(played.server.connect("peer").rest()));
    assert_says(&text, &[" bytes and does not stop.", "✗ wanted it to stop"]);
}

#[test]
fn a_drip_is_not_waited_for_for_ever() {
    // Each byte is progress: only the deadline for all of it ends this. 15 s become 0.5 s.
    let told = apart!().with("LAB_DEADLINE_SCALE", "0.03").tell(|| {
        let played = played!(|mut stream: TcpStream| {
            while stream.write_all(b"x").is_ok() {
                thread::park_timeout(Duration::from_millis(2));
            }
        });
        played.server.connect("peer").expect(&[b'x'; 1 << 20]);
    });
    told.fails_with(&["of the 1,048,576 bytes that were due, and then nothing more."]);
}

#[test]
fn nobody_listens() {
    let server = {
        let port = testkit::ClosedPort::new();
        let script = format!("echo listening on {}; exec sleep 1000", port.address());
        (crate::support::script(&here!(), &script).serve([]), port)
    };
    let text = failure(|| drop(server.0.connect("peer")));
    assert_says(
        &text,
        &["peer could not connect to 127.0.0.1:", ": connection refused.", "✗ wanted a connection"],
    );
}

#[test]
fn a_wait_in_vain_ends_below_all_that_happened() {
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        let played = played!(|stream| {
            read_all(&stream);
        });
        let mut alice = played.server.connect("alice");
        let mut bob = played.server.connect("bob");
        alice.send(b"hello");
        bob.send(b"the last row");
        alice.expect(b"world");
    });
    told.fails_with(&["\"the last row\"", "✗ wanted \"world\" (alice waited "]);
}

#[test]
fn a_check_has_no_mark_that_says_nothing() {
    let played = played!(say(b"", fin));
    let text = failure(|| played.server.check(false, "Nothing holds.", "think", "think"));
    assert!(!text.contains("✗ here"), "{text}");
}

#[test]
fn each_write_is_a_segment() {
    let segments = || {
        let played = played!(|mut stream: TcpStream| {
            stream.set_nodelay(true).expect("a new socket takes options");
            for part in [&b"one"[..], b"two"] {
                stream.write_all(part).expect("connected");
            }
        });
        let mut peer = played.server.connect("peer");
        peer.expect(b"onetwo").segments()
    };
    // If an acknowledgement is late, the kernel sends a segment again (tail loss probe).
    let least = (0..3).map(|_| segments()).min();
    if cfg!(target_os = "linux") {
        assert_eq!(least, Some(Some(2)));
    }
}

#[test]
fn a_unix_peer_is_a_peer_like_any_other() {
    let folder = tempfile::TempDir::new().expect("temporary files are allowed");
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path).expect("the path is free");
    let player = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client connects");
        let mut hello = [0; 5];
        stream.read_exact(&mut hello).expect("the peer says hello");
        stream.write_all(b"world").expect("the peer listens");
        hello
    });
    let server = crate::support::script(&here!(), "echo listening on 127.0.0.1:1; exec sleep 1000")
        .serve([]);
    let mut peer = server.connect_unix("peer", &path);
    peer.send(b"hello").expect(b"world").expect_end();
    assert_eq!(&player.join().expect("the peer is served"), b"hello");
}
