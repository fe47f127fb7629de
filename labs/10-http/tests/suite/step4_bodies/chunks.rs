//! Chunks: lines with sizes, and so many bytes behind each.

use super::super::answers::expect_body;
use super::super::site::{NOTES, Site, bytes};
use super::{NEXT, chunked, expect_400, post};
use testkit::subject;

const CHUNK_SIZE: (&str, &str) = (
    "chunk-size",
    "In `read_chunk_size`, check for 1 to 16 hex digits before you parse, and nothing else on the line: no sign, no space, except spaces and tabs before a `;`. `from_str_radix` alone accepts `+5`, and `str::trim` removes other characters, too.",
);

const CHUNK_LINE: (&str, &str) = (
    "chunk-line-limit",
    "In `read_chunk_size`, count the bytes behind `;`: 255 at most. A line that is too long for `read_line` is `Malformed` (400), too, not `TooLong` (413).",
);

const CHUNK_END: (&str, &str) = (
    "chunk-end",
    "In `read_chunk_end`, compare both bytes with CR LF. Otherwise an attacker chooses where the next chunk begins.",
);

#[test]
fn chunks_are_one_body() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "chunks-are-lines-and-counts",
        "In `copy_body`, read a size, so many bytes and CR LF, until the size is 0. Then skip the trailers.",
    );
    let large = bytes(100_000);
    let long_extension = format!("5;{}\r\nhello\r\n0\r\n\r\n", "x".repeat(255));
    let bytes_extension = [&b"5;"[..], &[0xff; 255], b"\r\nhello\r\n0\r\n\r\n"].concat();
    let bodies: [(Vec<u8>, &[u8]); 11] = [
        (b"0\r\n\r\n".to_vec(), b""),
        (b"5\r\nhello\r\n0\r\n\r\n".to_vec(), b"hello"),
        (b"0000000000000005\r\nhello\r\n00\r\n\r\n".to_vec(), b"hello"),
        (b"1\r\nh\r\n4\r\nello\r\n0\r\n\r\n".to_vec(), b"hello"),
        (b"A\r\n0123456789\r\n0\r\n\r\n".to_vec(), b"0123456789"),
        (b"a\r\n0123456789\r\n0;last\r\nX: y\r\nZ: 1\r\n\r\n".to_vec(), b"0123456789"),
        (b"5;a=\"b;c\"\r\nhello\r\n0\r\n\r\n".to_vec(), b"hello"),
        (b"5 \t;x\r\nhello\r\n0\r\n\r\n".to_vec(), b"hello"),
        (long_extension.into_bytes(), b"hello"),
        (b"5;caf\xe9=\xff\r\nhello\r\n0\r\n\r\n".to_vec(), b"hello"),
        (bytes_extension, b"hello"),
    ];
    for (wire, body) in &bodies {
        peer.send(&[&chunked(wire), NEXT].concat());
        expect_body(&mut peer, body);
        expect_body(&mut peer, NOTES);
    }
    let wire: Vec<u8> = large
        .chunks(777)
        .flat_map(|chunk| [format!("{:X}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat())
        .collect();
    peer.send(&[&chunked(&wire), &b"0\r\n\r\n"[..]].concat());
    expect_body(&mut peer, &large);
    peer.send(&post("Transfer-Encoding: CHUNKED\r\n")).send(b"0\r\n\r\n");
    expect_body(&mut peer, b"");
}

#[test]
fn a_chunk_size_is_hex_digits() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let sizes = [
        "",
        " ",
        "0x5",
        "-5",
        "+5",
        "5_0",
        "5 ",
        " 5",
        "\t5",
        "g",
        "5g",
        "5,",
        "5=x",
        ";x",
        "00000000000000005",
        "10000000000000005",
        "\u{665}",
        "5\t",
        "5\u{b};x",
        "5\u{a0};x",
    ];
    for size in sizes {
        let body = format!("{size}\r\nhello\r\n0\r\n\r\n");
        expect_400(&server, CHUNK_SIZE, &chunked(body.as_bytes()));
    }
    expect_400(&server, CHUNK_SIZE, &chunked(b"5\nhello\r\n0\r\n\r\n"));
    expect_400(&server, CHUNK_SIZE, &chunked(b"5\rX\nhello\r\n0\r\n\r\n"));
    let long_extension = format!("5;{}\r\nhello\r\n0\r\n\r\n", "x".repeat(256));
    expect_400(&server, CHUNK_LINE, &chunked(long_extension.as_bytes()));
    expect_400(&server, CHUNK_LINE, &chunked(&[b'0'; 1000]));
}

#[test]
fn a_chunk_ends_with_cr_lf() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let bodies: [&[u8]; 7] = [
        b"3\r\nabcXX0\r\n\r\n",
        b"3\r\nabc\n\n0\r\n\r\n",
        b"3\r\nabc\r\r0\r\n\r\n",
        b"3\r\nabc0\r\n\r\n",
        b"3\r\nabcd\r\n0\r\n\r\n",
        b"3\r\nabc\n0\r\n\r\n",
        b"3\r\nabc\rX0\r\n\r\n",
    ];
    for body in bodies {
        expect_400(&server, CHUNK_END, &chunked(body));
    }
    let says = (
        "trailers",
        "In `copy_body`, call `skip_trailers` after the last chunk. Its lines end with CR LF, too.",
    );
    expect_400(&server, says, &chunked(b"0\r\n\n"));
    expect_400(&server, says, &chunked(b"0\r\nno field\r\n\r\n"));
}
