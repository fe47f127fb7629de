//! Queries over TCP, and what does not fit into a datagram.

use super::super::dns::{A, framed, header, pointer, query, question, record};
use super::{ANSWER, REFUSED, ZONE, answer, serve, udp_peer};
use std::time::Instant;
use testkit::{subject, test_time, test_time_arg};

const EACH_QUERY: (&str, &str) = (
    "answer-each-query-of-a-stream",
    "In `serve_client`, read messages in a loop, and write the answer to each with its length in front.",
);

/// A zone in which one name has `count` addresses.
fn large_zone(count: u8) -> String {
    let lines = (0..count).map(|last| format!("many.a.test. 60 A 192.0.2.{last}\n"));
    format!("{}{}", ZONE, lines.collect::<String>())
}

/// A name with so many addresses that the response has exactly 512 bytes.
const FITS: u8 = 30;

#[test]
fn a_response_that_does_not_fit_is_truncated_over_udp() {
    let lab = subject!("11");
    let records = |count: u8| -> Vec<Vec<u8>> {
        (0..count).map(|last| record(&pointer(12), A, &[192, 0, 2, last])).collect()
    };
    let asked = question("many.a.test", A);
    let (server, _folder) = serve(&lab, &large_zone(FITS), &[]);
    let mut peer = udp_peer(&server);
    let whole = answer(ANSWER, asked.clone(), &records(FITS), &[]);
    peer.says("up-to-512-bytes", "In `encode`, a response of `limit` bytes fits.")
        .send(&query(7, "many.a.test", A))
        .expect(&whole);
    let (server, _folder) = serve(&lab, &large_zone(FITS + 1), &[]);
    let mut peer = udp_peer(&server);
    peer.says(
        "truncate-to-nothing",
        "In `encode`, a response that is too long has TC, its question, and no records, and counts that say so.",
    )
    .send(&query(7, "many.a.test", A))
    .expect(&answer(ANSWER | 0x0200, asked.clone(), &[], &[]));
    let mut peer = server.connect("client");
    peer.says(
        "everything-over-tcp",
        "In `serve_client`, the limit is `MAX_TCP`, so the answer is whole.",
    )
    .send(&framed(&query(7, "many.a.test", A)))
    .expect(&framed(&answer(ANSWER, asked, &records(FITS + 1), &[])));
}

#[test]
fn a_connection_carries_many_queries() {
    let (server, _folder) = serve(&subject!("11"), ZONE, &[]);
    let mut peer = server.connect("client");
    let outside = framed(&answer(REFUSED, question("b.test", A), &[], &[]));
    let asked = framed(&query(7, "b.test", A));
    peer.says(EACH_QUERY.0, EACH_QUERY.1)
        .send_in_pieces(&[&asked[..1], &asked[1..5], &asked[5..]])
        .expect(&outside);
    let unanswered = framed(&header(7, 0x8100, [0; 4]));
    peer.send(&[&asked[..], &unanswered, &asked].concat())
        .expect(&[&outside[..], &outside].concat())
        .half_close()
        .expect_end();
}

#[test]
fn a_slow_query_is_cut_off() {
    let lab = subject!("11");
    let is_cut_off = lab.undisturbed(|factor| {
        let timeout = 0.06 * factor;
        let time = test_time_arg(timeout);
        let (server, _folder) = serve(&lab, ZONE, &["--idle-timeout", &time]);
        let query = framed(&query(7, "b.test", A));
        let start = Instant::now();
        server.connect("client").is_cut_off(start, &query[..17], test_time(timeout))
    });
    let Some(is_cut_off) = is_cut_off else { return };
    lab.check(
        is_cut_off,
        "A client sent its query byte by byte, and the server waited longer than --idle-timeout.",
        "one-deadline-for-a-query",
        "In `serve_client`, make an `Until` with one deadline for each query, and read through it.",
    );
}

/// For the server it is a usual end, and no failure.
#[test]
fn an_idle_client_is_not_logged() {
    let lab = subject!("11");
    let (mut server, _folder) = serve(&lab, ZONE, &["--idle-timeout", &test_time_arg(0.02)]);
    let advice = (
        "an-idle-client-is-cut-off",
        "In `serve_client`, return the timeout of the read. The given code does not log it.",
    );
    server.connect("client").says(advice.0, advice.1).expect_end();
    if server.interrupt() {
        server.expect_stopped_at_once();
    }
    let log = server.stderr();
    server.check(
        !log.contains("timed out"),
        "A client sent nothing until --idle-timeout was over, and the server logged that as a failure.",
        advice.0,
        advice.1,
    );
}

/// A client that is cut off is no client that has left.
#[test]
fn a_query_that_ends_early_is_logged() {
    let (mut server, _folder) = serve(&subject!("11"), ZONE, &[]);
    server.connect("client").send(&[0]).half_close().expect_end();
    server
        .says(
            "a-part-is-no-end",
            "In `read_message`, one byte of a length and then the end is `UnexpectedEof`. Only the end in front of a length is `None`.",
        )
        .expect_log("unexpected end of file");
}
