//! Step echo: every byte comes back.

use testkit::{Deadline, Peer, Server, poll_until, subject};

const READ_IN_A_LOOP: &str = "In echo, read again after each write, until `read` returns 0. One read returns only the bytes that have arrived.";

const STOP_AT_ZERO_BYTES: &str = "In echo, return when `read` returns `Ok(0)`, which is the end. Keep no clone of the stream, also in serve: it leaves the connection open.";

const ONLY_THE_BYTES_READ: &str = "In echo, write back only `&buffer[..count]`. After `count` bytes, the buffer holds zeros or bytes of earlier reads.";

const READS_END_ANYWHERE: &str = "In echo, write back the bytes of each read unchanged. A read can end anywhere, also inside a character.";

pub const WAIT_FOR_A_SLOW_READER: &str = "In echo, write to a blocking stream, and set no timeout. A write waits until the client reads, however late that is.";

/// How often a test looks whether a server sleeps before it answers. On a busy machine, a look may
/// come after a short sleep.
const TRIES: usize = 5;

/// How often a write is interrupted. One in eight was about to write a whole segment, and has written
/// nothing of it.
const INTERRUPTIONS: usize = 6;

/// More than a third of what waits in the server's send buffer, so that its next write begins.
const PART: usize = 32 * 1024;

/// The buffers between a client and a server hold less than this.
const MORE_THAN_FITS: usize = 64 << 20;

#[test]
fn a_text_comes_back() {
    let server = subject!("01").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "write-back-each-read",
        "In echo, use `read`, and write its bytes back before the next read. `read_exact` and `read_to_end` wait for more bytes, and a `BufWriter` waits for `flush`.",
    )
    .send(b"hello, world\n")
    .wait_until_read();
    if was_reset(&mut peer) {
        peer.says_if_closed(
            "a-buffer-has-a-length",
            "In echo, read into a buffer with a length, such as `[0; BUFFER_LEN]`. `Vec::with_capacity(n)` has length 0, so `read` returns 0.",
        );
    } else {
        peer.says_if_closed(
            "write-back-before-you-return",
            "In echo, write back what `read` returned, also if it is less than the buffer holds. Return only after a read of 0 bytes.",
        );
    }
    peer.expect(b"hello, world");
    peer.says(
        "the-newline-is-a-byte",
        "In echo, write back every byte that `read` returned, also the newline. To this server, it is a byte like any other.",
    )
    .expect(b"\n");
}

/// Whether the server has closed the connection and left bytes unread. The kernel sends RST then, and
/// forgets our socket, too. After FIN, it still knows ours.
fn was_reset(peer: &mut Peer) -> bool {
    peer.is_open_at_their_side() == Some(false)
        && poll_until(Deadline::usual(), || peer.has_received())
        && peer.segments().is_none()
}

#[test]
fn the_server_closes_when_the_client_has_finished() {
    let server = subject!("01").serve([]);
    server
        .connect("peer")
        .says("stop-at-zero-bytes", STOP_AT_ZERO_BYTES)
        .says_if_more("only-the-bytes-read", ONLY_THE_BYTES_READ)
        .half_close()
        .expect_end();
}

#[test]
fn only_the_text_comes_back() {
    let server = subject!("01").serve([]);
    server
        .connect("peer")
        .says("only-the-bytes-read", ONLY_THE_BYTES_READ)
        .send(b"hello\n")
        .expect(b"hello\n")
        .says("stop-at-zero-bytes", STOP_AT_ZERO_BYTES)
        .says_if_more("only-the-bytes-read", ONLY_THE_BYTES_READ)
        .half_close()
        .expect_end();
}

#[test]
fn bytes_come_back_before_a_line_is_complete() {
    let server = subject!("01").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "no-lines-in-a-stream",
        "In echo, use `read`, and wait for no newline and no full buffer. A stream has no lines, and the client waits.",
    )
    .send(b"hel")
    .expect(b"hel");
    peer.says(
        "only-the-bytes-of-this-read",
        "In echo, write back only the bytes of this read. The bytes of earlier reads have gone back already.",
    )
    .says_if_closed("read-in-a-loop", READ_IN_A_LOOP)
    .send(b"lo")
    .expect(b"lo");
    check_that_it_answers_before_it_sleeps(&server, &mut peer);
}

/// A server that is asleep does nothing more without further bytes, so it has answered. An answer
/// may be on its way over loopback, but not twice.
fn check_that_it_answers_before_it_sleeps(server: &Server, peer: &mut Peer) {
    let mut sleeps_first = || {
        peer.send(b"!").wait_until_read();
        let is_idle = server.wait_until_idle();
        let has_answered = peer.has_received();
        peer.expect(b"!");
        is_idle && !has_answered
    };
    server.check(
        (0..TRIES).filter(|_| sleeps_first()).take(2).count() < 2,
        "The server read a byte and slept. It sent the byte back only after that.",
        "write-before-you-wait",
        "In echo, write back immediately what a read has returned, without `sleep`. If more bytes arrive, the next read returns them.",
    );
}

#[test]
fn a_short_read_after_a_long_one_brings_back_nothing_old() {
    let server = subject!("01").serve([]);
    let mut peer = server.connect("peer");
    peer.says("only-the-bytes-read", ONLY_THE_BYTES_READ)
        .says_if_closed("read-in-a-loop", READ_IN_A_LOOP)
        .send(b"a long message")
        .expect(b"a long message")
        .send(b"short")
        .expect(b"short");
    peer.expect_silence();
}

#[test]
fn all_256_byte_values_come_back() {
    let bytes: Vec<u8> = (0..=255).collect();
    let server = subject!("01").serve([]);
    server
        .connect("peer")
        .says(
            "bytes-are-no-text",
            "In echo, keep the bytes as `[u8]`, and make no `String` of them. Not every byte is a character.",
        )
        .send(&bytes)
        .expect(&bytes);
}

#[test]
fn a_text_cut_anywhere_comes_back() {
    // Every cut inside a character leaves bytes that are not text by themselves.
    let line = "Grüße, 世界! \u{1f980}\r\n";
    let text = format!("{line}\0end");
    subject!("01").for_any_split(&[], text.as_bytes(), |peer, pieces| {
        peer.says("reads-end-anywhere", READS_END_ANYWHERE)
            .send_in_pieces(pieces)
            .expect(line.as_bytes());
        peer.says("reads-end-anywhere", READS_END_ANYWHERE)
            .says_if_closed(
                "a-newline-is-not-the-end",
                "In echo, return only when `read` returns 0, not after a newline. A newline is a byte like any other, and more bytes may follow.",
            )
            .expect(b"\0end");
        peer.says(
            "stop-at-zero-bytes",
            STOP_AT_ZERO_BYTES,
        )
        .half_close()
        .expect_end();
    });
}

#[test]
fn any_size_comes_back() {
    let server = subject!("01").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "no-size-is-special",
        "In echo, write after every read, whatever its size. A read that fills the buffer does not mean that more bytes follow.",
    )
    .says_if_closed("read-in-a-loop", READ_IN_A_LOOP);
    // A period that is no buffer's size shows bytes that are missing, or that come twice.
    let period: Vec<u8> = (0..251).collect();
    let message = period.repeat(1 + (256 << 10) / period.len());
    for size in [1, 1023, 1024, 1025, 4096, 65_537, 256 << 10] {
        peer.exchange(&message[..size], &message[..size]);
    }
}

#[test]
fn everything_comes_back_after_the_client_has_finished() {
    let message = vec![b'x'; 100_000];
    let server = subject!("01").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "answer-until-zero-bytes",
        "Echo everything until `read` returns 0. The client still receives after its FIN. If you close with unread input, the kernel sends RST.",
    )
    .send(&message)
    .half_close()
    .expect(&message)
    .expect_end();
}

#[test]
fn the_server_stops_reading_when_the_client_does() {
    let mut server = subject!("01").serve([]);
    let mut peer = server.connect_non_reading("peer");
    // A period that is no segment's size shows where bytes are missing.
    let chunk = (0..251).collect::<Vec<u8>>().repeat(256);
    peer.says(
        "write-before-the-next-read",
        "In echo, read again only after `write_all` has returned. The bytes of a client that does not read must not collect in memory.",
    );
    peer.send_until_stuck(&chunk, MORE_THAN_FITS);

    peer.says(
        "write-all-the-bytes",
        "In echo, write with `write_all`. A `write` may write only a part of the bytes, for example because of a signal, and returns how many.",
    )
    .says_if_closed("wait-for-a-slow-reader", WAIT_FOR_A_SLOW_READER);
    for part in chunk.repeat(8).chunks(PART).take(INTERRUPTIONS) {
        // A pause interrupts the write, which has written a part of its bytes.
        if server.pause() {
            server.resume();
        }
        peer.expect(part);
        server.wait_until_idle();
    }
    // The client closes with unread bytes, so the server's next call fails.
    server.says(
        "no-unwrap-in-echo",
        "In echo, return the errors of `read` and `write_all` with `?`, without `unwrap`. A client can reset its connection at any time.",
    );
}
