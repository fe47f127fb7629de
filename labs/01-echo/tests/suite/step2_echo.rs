//! Step echo: every byte comes back.

use testkit::subject;

#[test]
fn a_text_comes_back() {
    let server = subject!("01").serve([]);
    server
        .connect("peer")
        .says("send-back-once-read", "send back at once what a read has brought; and read into a buffer that has a length, not only a capacity")
        .send(b"hello, world\n")
        .expect(b"hello, world\n");
}

#[test]
fn bytes_come_back_before_a_line_is_complete() {
    let server = subject!("01").serve([]);
    server
        .connect("peer")
        .says(
            "stream-says-line-ends",
            "nothing in a stream says where a line ends: send back what has come, at once",
        )
        .send(b"hel")
        .expect(b"hel")
        .send(b"lo")
        .expect(b"lo");
}

#[test]
fn all_256_byte_values_come_back() {
    let bytes: Vec<u8> = (0..=255).collect();
    let server = subject!("01").serve([]);
    server
        .connect("peer")
        .says("echo-bytes-text-byte", "echo bytes, not text: not every byte is a character")
        .send(&bytes)
        .expect(&bytes);
}

#[test]
fn a_text_cut_anywhere_comes_back() {
    // Every cut inside a character leaves bytes that are not text by themselves.
    let text = "Grüße, 世界! \u{1f980}\r\n\0end".as_bytes();
    subject!("01").for_any_split(&[], text, |peer, pieces| {
        peer.says(
            "read-stop-anywhere-inside",
            "a read can stop anywhere, even inside a character; send back just what it got",
        )
        .send_in_pieces(pieces)
        .expect(text)
        .half_close()
        .expect_end();
    });
}

#[test]
fn a_short_read_after_a_long_one_brings_back_nothing_old() {
    let server = subject!("01").serve([]);
    let mut peer = server.connect("peer");
    peer.says("client-say-read-loop", "a client may say something again: read in a loop; and after each read, only the first n bytes of the buffer are new")
        .send(b"a long message")
        .expect(b"a long message")
        .send(b"short")
        .expect(b"short");
    peer.expect_silence();
}

#[test]
fn any_size_comes_back() {
    let server = subject!("01").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "size-special-read-fills",
        "no size is special: after a read that fills the buffer there may be more, or nothing",
    );
    // A period that is no buffer's size: what is left out, or comes twice, is seen.
    let period: Vec<u8> = (0..251).collect();
    let message = period.repeat(1 + (1 << 20) / period.len());
    for size in [1, 1023, 1024, 1025, 4096, 65_537, 1 << 20] {
        peer.exchange(&message[..size], &message[..size]);
    }
}

#[test]
fn what_is_owed_is_sent_after_the_client_has_finished() {
    let message = vec![b'x'; 100_000];
    let server = subject!("01").serve([]);
    let mut peer = server.connect("peer");
    peer.says("read-returns-0-answer", "read until it returns 0, and answer all of it: after FIN the client still listens; who closes with input unread sends a reset, and that destroys what is under way")
        .send(&message)
        .half_close()
        .expect(&message)
        .expect_end();
}

#[test]
fn the_server_closes_when_the_client_has_finished() {
    let server = subject!("01").serve([]);
    server
        .connect("peer")
        .says(
            "read-returns-ok-0",
            "read returns Ok(0) at the end of the stream, and from then on always: stop the loop",
        )
        .half_close()
        .expect_end();
}
