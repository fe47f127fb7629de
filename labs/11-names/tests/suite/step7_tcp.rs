//! Step tcp: the same messages in a stream.

use super::dns::{
    A, address, framed, header, id_of, pointer, query, question, record, response, server_of_both,
};
use super::scans::{LONG, silent_everywhere};
use testkit::{
    Deadline, Peer, Process, ScriptedServer, Subject, UdpPeer, poll_until, subject, test_time,
    test_time_arg,
};

const OVER_TCP: (&str, &str) = (
    "ask-again-over-tcp",
    "In `ask_once`, an answer with TC is not whole. Ask the same question over TCP.",
);

const LENGTH_FIRST: (&str, &str) = (
    "length-then-message",
    "In `read_message`, read two bytes, and then as many as they say, in as many reads as it takes.",
);

/// A lookup over TCP, and its connection.
fn look_up(lab: &Subject, args: &[&str]) -> (Process, Peer, UdpPeer, ScriptedServer) {
    let (process, udp, mut tcp) = start(lab, args);
    let peer = tcp.accept();
    (process, peer, udp, tcp)
}

/// A lookup over TCP, and its server.
fn start(lab: &Subject, args: &[&str]) -> (Process, UdpPeer, ScriptedServer) {
    let (udp, mut tcp) = server_of_both(lab);
    let address = udp.address();
    let words = ["lookup", "a.test", "--type", "A", "--tcp", "--server", &address];
    let process = lab.run([&words[..], args].concat());
    tcp.says(
        "connect-to-the-server",
        "In `ask_tcp`, connect to the server. --tcp asks over TCP only.",
    );
    (process, udp, tcp)
}

/// The query that came over TCP, and how it must look.
fn receive(peer: &mut Peer) -> Vec<u8> {
    let asked = query(0, "a.test", A);
    peer.says(
        "length-before-the-message",
        "In `write_message`, write the length of the message in two bytes in front of it.",
    );
    peer.expect(&(asked.len() as u16).to_be_bytes());
    // The id is random.
    let mut id = Vec::new();
    peer.pass_on(2, &mut id).expect(&asked[2..]);
    [&id[..], &asked[2..]].concat()
}

/// A busy machine may send a segment twice, but hardly in each of so many connections.
const CONNECTIONS: usize = 3;

#[test]
fn a_length_and_its_message_are_one_segment() {
    let lab = subject!("11");
    let mut fewest = u32::MAX;
    for _ in 0..CONNECTIONS {
        let (mut process, mut peer, ..) = look_up(&lab, &["--timeout", LONG]);
        let asked = receive(&mut peer);
        let Some(segments) = peer.segments() else {
            return lab.skip("this kernel does not count segments");
        };
        fewest = fewest.min(segments);
        peer.send(&framed(&address(&asked, 7)));
        process.expect_line("a.test. 60 A 192.0.2.7").expect_exit(0);
    }
    lab.check(
        fewest == 1,
        &format!("The length and the query came in {fewest} segments."),
        "one-write-for-a-message",
        "In `write_message`, put the length and the message into one buffer, and call `write_all` once.",
    );
}

/// A lookup whose answer over UDP was truncated.
struct Truncated {
    process: Process,
    /// Its connection, over which a query came.
    peer: Peer,
    over_udp: Vec<u8>,
    over_tcp: Vec<u8>,
}

fn look_up_truncated(lab: &Subject) -> Truncated {
    let (mut udp, mut tcp) = server_of_both(lab);
    let address = udp.address();
    let words = ["lookup", "a.test", "--type", "A", "--timeout", LONG, "--server", &address];
    let process = lab.run(words);
    let asked = udp.receive();
    let head = header(id_of(&asked), 0x8380, [1, 1, 0, 0]);
    let part = record(&pointer(12), A, &[192, 0, 2, 66]);
    udp.send(&[head, question("a.test", A), part].concat());
    tcp.says(OVER_TCP.0, OVER_TCP.1);
    let mut peer = tcp.accept();
    let again = receive(&mut peer);
    Truncated { process, peer, over_udp: asked, over_tcp: again }
}

#[test]
fn a_truncated_answer_is_asked_for_again_over_tcp() {
    let lab = subject!("11");
    let has_one_id = |it: &Truncated| id_of(&it.over_udp) == id_of(&it.over_tcp);
    let mut lookup = look_up_truncated(&lab);
    // One of 65,536 pairs of random ids is equal by chance.
    if has_one_id(&lookup) {
        lookup = look_up_truncated(&lab);
    }
    let is_new = !has_one_id(&lookup) || id_of(&lookup.over_tcp) == 0;
    let Truncated { mut process, mut peer, over_tcp: again, .. } = lookup;
    peer.says(
        "a-new-id-over-tcp",
        "In `ask_once`, the query over TCP is a new query. Call `random_id` again for it.",
    );
    peer.check(is_new, "The query over TCP has the id of the query over UDP.", "wanted another id");
    let all: Vec<Vec<u8>> =
        (0..100).map(|last| record(&pointer(12), A, &[192, 0, 2, last])).collect();
    peer.send(&framed(&response(&again, 0, &all)));
    process.says(OVER_TCP.0, OVER_TCP.1);
    for last in 0..100 {
        process.expect_line(&format!("a.test. 60 A 192.0.2.{last}"));
    }
    process.expect_exit(0);
}

#[test]
fn with_tcp_no_datagram_is_sent() {
    let lab = subject!("11");
    let (mut process, mut peer, udp, _tcp) = look_up(&lab, &["--timeout", LONG]);
    let asked = receive(&mut peer);
    udp.check(
        !udp.has_received(),
        "With --tcp, a datagram came.",
        "tcp-only",
        "In `ask_once`, ask over UDP only for `Transport::UdpFirst`.",
    );
    peer.send(&framed(&address(&asked, 7)));
    process.expect_line("a.test. 60 A 192.0.2.7").expect_exit(0);
}

#[test]
fn a_message_may_come_in_any_pieces() {
    let lab = subject!("11");
    let (mut process, mut peer, ..) = look_up(&lab, &["--timeout", LONG]);
    let asked = receive(&mut peer);
    let answer = framed(&address(&asked, 7));
    process.says(LENGTH_FIRST.0, LENGTH_FIRST.1);
    peer.says(LENGTH_FIRST.0, LENGTH_FIRST.1);
    peer.send_in_pieces(&[&answer[..1], &answer[1..2], &answer[2..9], &answer[9..]]);
    process.expect_line("a.test. 60 A 192.0.2.7").expect_exit(0);
}

#[test]
fn a_message_that_is_no_answer_is_skipped() {
    let lab = subject!("11");
    let (mut process, mut peer, ..) = look_up(&lab, &["--timeout", LONG]);
    let asked = receive(&mut peer);
    let mut forged = address(&asked, 66);
    forged[1] ^= 1;
    let both = [framed(&forged), framed(b""), framed(&address(&asked, 7))].concat();
    process.says(
        "check-answers-of-tcp-too",
        "In `ask_tcp`, read messages until `answer_in` finds the answer. Two may come in one read.",
    );
    peer.send(&both);
    process.expect_line("a.test. 60 A 192.0.2.7").expect_exit(0);
}

#[test]
fn a_connection_that_ends_early_is_no_answer() {
    let lab = subject!("11");
    let (mut process, mut peer, _udp, mut tcp) =
        look_up(&lab, &["--timeout", LONG, "--tries", "4"]);
    let answer = |asked: &[u8]| framed(&address(asked, 7));
    for len in [0, 1, 20] {
        let asked = receive(&mut peer);
        peer.send(&answer(&asked)[..len]).half_close();
        tcp.says(
            "a-part-is-no-message",
            "In `read_message`, the end inside of a message is an error. In `ask_tcp`, the end before the answer is `None`.",
        );
        peer = tcp.accept();
    }
    let asked = receive(&mut peer);
    peer.send(&answer(&asked));
    process.expect_line("a.test. 60 A 192.0.2.7").expect_exit(0);
}

#[test]
fn a_server_that_does_not_accept_does_not_prolong_the_wait() {
    let lab = subject!("11");
    let Some(hole) = silent_everywhere(&lab) else { return };
    let (address, time) = (format!("127.0.0.1:{}", hole.port()), test_time_arg(0.05));
    let words = ["lookup", "a.test", "--type", "A", "--tcp", "--tries", "1", "--server", &address];
    lab.run([&words[..], &["--timeout", &time]].concat())
        .says(
            "a-timeout-for-the-connect",
            "In `ask_tcp`, connect by `TcpStream::connect_timeout`. The kernel tries for minutes otherwise.",
        )
        .expect_error(&["no answer for a.test. from", &address, "(1 try)"]);
}

/// The connection of a lookup, over which something has come. `None` if the lookup `is_late`: it may
/// have ended before it connected, or before it asked, because it had no CPU.
fn accept_in_time(
    process: &Process,
    tcp: &mut ScriptedServer,
    is_late: impl Fn() -> bool,
) -> Option<Peer> {
    poll_until(Deadline::usual(), || process.has_ended() || !tcp.has_no_client_waiting());
    if process.has_ended() && tcp.has_no_client_waiting() && is_late() {
        return None;
    }
    let mut peer = tcp.accept();
    let has_come = poll_until(Deadline::usual(), || peer.has_received());
    (!has_come || !is_late()).then_some(peer)
}

#[test]
fn a_slow_server_does_not_prolong_the_wait() {
    let lab = subject!("11");
    let is_cut_off = lab.undisturbed(|factor| {
        let timeout = 0.06 * factor;
        let time = test_time_arg(timeout);
        let (process, _udp, mut tcp) = start(&lab, &["--timeout", &time, "--tries", "1"]);
        let start = process.wait_until_started();
        let is_late = || start.elapsed() >= test_time(timeout);
        let mut peer = accept_in_time(&process, &mut tcp, is_late)?;
        let asked = receive(&mut peer);
        peer.is_cut_off(start, &framed(&address(&asked, 7))[..17], test_time(timeout))
    });
    let Some(is_cut_off) = is_cut_off else { return };
    lab.check(
        is_cut_off,
        "A server sent its answer byte by byte, and the lookup waited longer than its timeout.",
        "one-deadline-for-tcp",
        "In `ask_tcp`, compute the deadline once, and read and write through `Until`.",
    );
}
