//! What a peer sends: in pieces that are pieces, and to programs that do not read.

use crate::support::{
    FOR_EVER, QUICK, SLOW, apart, assert_says, failure, fin, here, played, read_all, rst, shell,
};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};
use testkit::{Deadline, Dribble, poll_until};

#[test]
fn bytes_sent_one_by_one_are_read_one_by_one() {
    let message: Vec<u8> = (0..280).map(|index| (index % 251) as u8).collect();
    let played = played!(|mut stream| {
        let (mut reads, mut all, mut buffer) = (0, Vec::<u8>::new(), [0; 1024]);
        while let count @ 1.. = stream.read(&mut buffer).expect("connected") {
            reads += 1;
            all.extend(&buffer[..count]);
        }
        (reads, all)
    });
    let mut peer = played.server.connect("peer");
    peer.send_byte_by_byte(&message).half_close();
    let (reads, all) = played.player.join().expect("no panic");
    assert_eq!(all, message);
    // Elsewhere the kit can only pause between two bytes, and hope.
    if cfg!(target_os = "linux") {
        assert_eq!(reads, 280);
    }
}

#[test]
fn pieces_are_read_as_they_were_cut() {
    let played = played!(|mut stream| {
        let (mut pieces, mut buffer) = (Vec::new(), [0; 1024]);
        while let count @ 1.. = stream.read(&mut buffer).expect("connected") {
            pieces.push(buffer[..count].to_vec());
        }
        pieces
    });
    let pieces: [&[u8]; 3] = [b"one", b"t", b"three"];
    played.server.connect("peer").send_in_pieces(&pieces).half_close();
    let read = played.player.join().expect("no panic");
    assert_eq!(read.concat(), pieces.concat());
    if cfg!(target_os = "linux") {
        assert_eq!(read, pieces);
    }
}

#[test]
fn a_program_that_does_not_read() {
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        let played = played!(|stream: TcpStream| stream);
        let mut peer = played.server.connect("peer");
        let _keep = played.player.join().expect("no panic");
        peer.send(&[b'x'; 16 << 20]);
    });
    told.fails_with(&[
        "peer could not send \"xxxxxxxx…xxxxxxxx\" (16,777,216 bytes), \
         because the server does not read.",
        "✗ wanted it to read",
    ]);
}

#[test]
fn a_program_that_does_not_read_a_piece() {
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        let played = played!(|stream: TcpStream| stream);
        let mut peer = played.server.connect("peer");
        let _keep = played.player.join().expect("no panic");
        peer.send_byte_by_byte(b"hello");
    });
    if cfg!(target_os = "linux") {
        told.fails_with(&["The server did not read what peer sent.", "✗ wanted it to be read"]);
    }
}

#[test]
fn an_exchange_with_a_program_that_never_reads() {
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        let played = played!(|stream: TcpStream| stream);
        let mut peer = played.server.connect("peer");
        let _keep = played.player.join().expect("no panic");
        peer.exchange(&[b'x'; 16 << 20], b"thank you");
    });
    told.fails_with(&[
        "The server sent 0 bytes of the 9 bytes that were due, and then nothing more.",
    ]);
}

#[test]
fn an_exchange_that_fails_does_not_wait_until_all_is_sent() {
    let told = apart!().with(SLOW.0, SLOW.1).tell(|| {
        let played = played!(|mut stream: TcpStream| {
            stream.write_all(b"wrong").expect("the peer reads");
            stream
        });
        let mut peer = played.server.connect("peer");
        let _keep = played.player.join().expect("no panic");
        peer.exchange(&[b'x'; 16 << 20], b"right");
    });
    told.fails_with(&["The server sent \"wrong\" where \"right\" was due"]);
}

#[test]
fn an_exchange_of_more_than_the_system_can_hold() {
    fn echo(mut stream: TcpStream) {
        let mut reader = stream.try_clone().expect("a socket can be cloned");
        std::io::copy(&mut reader, &mut stream).expect("connected");
    }
    let message = vec![b'm'; 20 << 20];
    played!(echo).server.connect("peer").exchange(&message, &message).half_close().expect_end();
}

#[test]
fn an_exchange_with_a_program_that_leaves() {
    let played = played!(|mut stream| {
        stream.read_exact(&mut [0; 5]).expect("the peer says hello");
    });
    let text = failure(|| {
        played.server.connect("peer").exchange(&[b'x'; 16 << 20], b"thank you");
    });
    assert_says(&text, &["The server reset the connection (RST) after 0 bytes of the 9 bytes"]);
}

#[test]
fn a_reset_that_a_write_was_told_of_is_still_a_reset() {
    let played = played!(|mut stream: TcpStream| {
        stream.read_exact(&mut [0; 5]).expect("the peer says hello");
        rst(&stream);
    });
    let text = failure(|| {
        let mut peer = played.server.connect("peer");
        peer.send(b"hello");
        played.player.join().expect("no panic");
        peer.send(b"are").send(b"you there?").expect(b"yes");
    });
    assert_says(&text, &["The server reset the connection (RST) after 0 bytes of the 3 bytes"]);
}

#[test]
fn an_end_that_a_reset_followed_is_still_an_end() {
    let played = played!(|mut stream: TcpStream| {
        stream.read_exact(&mut [0; 5]).expect("the peer says hello");
    });
    let text = failure(|| {
        let mut peer = played.server.connect("peer");
        peer.send(b"hello");
        played.player.join().expect("no panic");
        // No process reads this, so the system answers with RST. But FIN came first.
        peer.send(b"are").send(b"you there?").expect(b"yes");
    });
    assert_says(&text, &["The server closed the connection after 0 bytes of the 3 bytes"]);
}

#[test]
fn one_that_stops_reading_is_stuck_and_one_that_reads_on_is_not() {
    let played = played!(|stream: TcpStream| stream);
    let mut peer = played.server.connect_non_reading("peer");
    let keep = played.player.join().expect("no panic");
    let sent = peer.send_until_stuck(&[b'x'; 1000], 64 << 20);
    assert!(sent > 10_000, "{sent}");
    drop(keep);

    let played = played!(|stream: TcpStream| read_all(&stream).len());
    let text = failure(|| {
        // So little that the system takes it, whether this process gets to read or not.
        played.server.connect("peer").send_until_stuck(&[b'x'; 1000], 20_000);
    });
    assert_says(&text, &["The server took 20,000 bytes and never stopped reading."]);
}

#[test]
fn a_peer_that_was_late_tries_again_with_more_time() {
    let lab = shell!(FOR_EVER);
    assert_eq!(lab.undisturbed(|factor| (factor > 2.0).then_some(factor)), Some(4.0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_program_that_is_late_on_a_quiet_machine_fails() {
    let before = pressure();
    let told = apart!().tell(|| {
        shell!(FOR_EVER).undisturbed(|_| {
            // An attempt of no time shows no disturbance.
            std::thread::sleep(Duration::from_millis(50));
            None::<()>
        });
    });
    // More than 2 ms of the last 50 ms. Without a number, nothing is known.
    let is_busy = pressure().zip(before).is_none_or(|(after, before)| after - before > 2000);
    match told.succeeded {
        // Other tests run at the same time.
        true => assert!(told.text.contains("too busy to judge") && is_busy, "{}", told.text),
        false => told.fails_with(&["The program was late in each attempt"]),
    }
}

/// How long a thread of this machine has waited for a CPU, in microseconds.
#[cfg(target_os = "linux")]
fn pressure() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/pressure/cpu").ok()?;
    text.lines().next()?.rsplit_once("total=")?.1.parse().ok()
}

#[test]
fn an_attempt_that_would_take_too_long_is_not_made() {
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        let mut attempts = 0;
        let outcome = shell!(FOR_EVER).undisturbed(|_| {
            attempts += 1;
            // 0.7 s fit into the limit of 1.6 s, and 1.4 s more do not.
            poll_until(Deadline::after(Duration::from_secs(7)), || false);
            None::<()>
        });
        assert_eq!((outcome, attempts), (None, 1));
    });
    told.succeeds_with(&["too busy"]);
}

#[test]
fn a_dribble_is_cut_off_only_if_no_pause_was_too_long() {
    let pause = Duration::from_millis(20);
    let dribble = Dribble { sent: 3, longest_gap: pause };
    assert_eq!(dribble.was_cut_off(4, pause * 2), Some(true));
    assert_eq!(dribble.was_cut_off(3, pause * 2), Some(false));
    assert_eq!(dribble.was_cut_off(4, pause), None);
}

/// Ends its side before it reads a byte. So its end is there when the byte is read.
fn ends_first(mut stream: TcpStream) -> TcpStream {
    fin(&stream);
    let _ = stream.read_exact(&mut [0]);
    stream
}

/// Reads `count` bytes, and closes the connection.
fn reads(count: usize) -> impl FnOnce(TcpStream) + Send + 'static {
    move |mut stream| {
        let _ = stream.read_exact(&mut vec![0; count]);
    }
}

#[test]
fn a_program_that_ends_a_dribble_cuts_it_off() {
    let lab = shell!(FOR_EVER);
    let outcome = lab.undisturbed(|factor| {
        let played = played!(ends_first);
        let timeout = Duration::from_secs_f64(0.03 * factor);
        let start = Instant::now();
        played.server.connect("peer").is_cut_off(start, b"12345678", timeout)
    });
    assert_ne!(outcome, Some(false));
    let outcome = lab.undisturbed(|factor| {
        let played = played!(reads(100));
        let timeout = Duration::from_secs_f64(0.03 * factor);
        let start = Instant::now();
        played.server.connect("peer").is_cut_off(start, b"12345678", timeout)
    });
    assert_ne!(outcome, Some(true));
}

#[test]
fn a_late_byte_or_a_late_end_says_nothing_of_a_program() {
    let timeout = Duration::from_secs(2);
    let late = Instant::now().checked_sub(timeout).expect("the machine runs for longer");
    let mut peer = played!(reads(1)).server.connect("peer");
    assert_eq!(peer.is_cut_off(late, b"12", timeout), None);
    // Its end comes after all bytes. A timer may have expired before, and had no processor.
    let mut peer = played!(reads(2)).server.connect("peer");
    assert_eq!(peer.is_cut_off(Instant::now(), b"12", timeout), None);
}

#[test]
fn an_end_that_is_found_twice_is_shown_once() {
    let played = played!(|stream: TcpStream| {
        stream.shutdown(Shutdown::Write).expect("connected");
        stream
    });
    let mut peer = played.server.connect("peer");
    let _keep = played.player.join().expect("no panic");
    let text = failure(|| {
        peer.dribble(b"a", Duration::from_secs(1));
        peer.expect(b"answer");
    });
    assert_eq!(text.matches("─ FIN ─").count(), 1, "{text}");
}

/// A server that sends three bytes for each byte that it reads, and logs each read.
const TRIPLES: &str = "
import socket, sys
listener = socket.create_server(('127.0.0.1', 0))
print('listening on 127.0.0.1:%d' % listener.getsockname()[1], flush=True)
client = listener.accept()[0]
while received := client.recv(6000):
    print('read', file=sys.stderr, flush=True)
    client.sendall(received * 3)
";

/// The last answer is not acknowledged for 40 ms or more. The acknowledgement makes room for the rest
/// of it, and then the server reads on.
#[test]
fn one_that_waits_for_an_acknowledgement_is_not_stuck() {
    let Some(python) = shell!("").python(TRIPLES) else { return };
    for _ in 0..4 {
        let server = python.serve([]);
        let mut peer = server.connect_non_reading("peer");
        peer.send_until_stuck(&[b'x'; 6000], 64 << 20);
        let before = server.stderr();
        let reads_on = || server.stderr() != before;
        assert!(!poll_until(Deadline::after(Duration::from_millis(300)), reads_on), "it reads on");
    }
}
