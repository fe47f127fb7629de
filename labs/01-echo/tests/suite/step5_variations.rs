//! Step variations: greeting, upper case, log, time.

mod log;

use common::close::DRAIN_TIME;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use testkit::{Deadline, Peer, Server, poll_until, show, subject};

const WRITE_FIRST: &str =
    "In tell_time, write the time without reading first. A client may send nothing.";

const CLOSE_AFTER_THE_TIME: &str = "In tell_time, end with `common::close::lingering`. It sends FIN before it reads. The client reads until your FIN.";

const TWO_DIGITS_EACH: &str = "In tell_time, write `Current time: HH:MM:SS`, two digits each, hours from 00 to 23. No byte follows the seconds, not even a newline.";

/// How long a FIN may be on its way over loopback.
const ARRIVAL: Duration = Duration::from_millis(50);

/// How often a test tries again that this machine was too slow for.
const TRIES: usize = 5;

#[test]
fn a_greeting_comes_first() {
    let server = subject!("01").serve(["--greeting", "Hello, client!"]);
    let mut peer = server.connect("peer");
    peer.says(
        "a-greeting-is-a-line",
        "In greet, write the text and a newline. A client finds the end of the greeting by its newline, not by a packet.",
    )
    .expect(b"Hello, client!\n");
    server.check(
        peer.segments().is_none_or(|count| count <= 1),
        "The greeting came in more than one segment, because it was more than one write.",
        "one-write-for-a-line",
        "In greet and log_read, build the line with `format!` and write it with one `write_all`. `writeln!` makes a write of each part.",
    );
    peer.send(b"hello").expect(b"hello");
}

#[test]
fn upper_changes_ascii_letters_only() {
    let server = subject!("01").serve(["--upper"]);
    let mut peer = server.connect("peer");
    peer.says(
        "write-the-changed-bytes",
        "In upper, change `bytes` in place. In echo, call `on_read` with the buffer itself, not a copy, before you write it back.",
    )
    .send(b"m")
    .expect(b"M");
    peer.says(
        "a-and-z-are-letters",
        "In upper, change all of a to z, with `a` and `z` themselves. `make_ascii_uppercase` does that.",
    )
    .send(b"az")
    .expect(b"AZ");
    peer.says(
        "only-a-to-z",
        "In upper, change only the bytes a to z. All other bytes stay unchanged, also those of other letters.",
    )
    .send("az AZ 09 @[`{ grüße\u{e0}\n".as_bytes())
    .expect("AZ AZ 09 @[`{ GRüßE\u{e0}\n".as_bytes());
}

#[test]
fn upper_leaves_bytes_alone_that_are_not_text() {
    let server = subject!("01").serve(["--upper"]);
    server
        .connect("peer")
        .says(
            "upper-works-on-bytes",
            "In upper, change bytes, not characters. A read may end inside a character, and the bytes need not be text.",
        )
        .send_in_pieces(&[b"\xffab\xc3", b"\xa9cd\x00"])
        .expect(b"\xffAB\xc3\xa9CD\x00");
}

#[test]
fn the_hours_go_from_00_to_23() {
    let lab = subject!("01");
    for (seconds, wanted) in [("0", "00:00:00"), ("75849", "21:04:09")] {
        let server = lab.serve_as("time", "127.0.0.1:0", ["--at", seconds]);
        let time = time_told(&server);
        server.check(
            time == wanted,
            &format!("With `--at {seconds}`, the server sent {time}. Expected is {wanted}."),
            "time-of-day-of-now",
            "In tell_time, use `now`, hours from 00 to 23, and two digits each. `common::log::utc(now)[11..19]` has all of that.",
        );
    }
}

#[test]
fn the_time_is_in_utc() {
    // In a time zone with half an hour, local time differs from UTC.
    let lab = subject!("01").with_variable("TZ", "LAB-05:30");
    let server = lab.serve_as("time", "127.0.0.1:0", []);
    let time = time_told(&server);
    let seconds = second_of_day(&time).unwrap_or_default();
    let now =
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs() % 86_400);
    // Midnight may pass between the two looks at the clock.
    let off = seconds.abs_diff(now).min(86_400 - seconds.abs_diff(now));
    server.check(
        off < 60,
        &format!("The server sent {time}. In UTC it is {}.", common::log::utc(SystemTime::now())),
        "utc-not-local-time",
        "In tell_time, take the time of day from `common::log::utc(now)`. It is in UTC, not in local time.",
    );
}

/// The time of day that the server sends to a client which only reads.
fn time_told(server: &Server) -> String {
    let mut peer = server.connect("peer");
    if poll_until(Deadline::usual(), || peer.has_received()) {
        peer.says("two-digits-each", TWO_DIGITS_EACH).says_if_closed("write-first", WRITE_FIRST);
    } else {
        peer.says("write-first", WRITE_FIRST);
    }
    peer.expect(b"Current time: ").says("close-after-the-time", CLOSE_AFTER_THE_TIME);
    let told = peer.rest();
    let time = String::from_utf8_lossy(&told).into_owned();
    server.check(
        time.len() == 8 && second_of_day(&time).is_some(),
        &format!(
            "Behind \"Current time: \", the server sent {}. Expected is HH:MM:SS.",
            show(&told)
        ),
        "two-digits-each",
        TWO_DIGITS_EACH,
    );
    time
}

/// The second of the day at `HH:MM:SS`; `None` if it is no time of day.
fn second_of_day(time: &str) -> Option<u64> {
    let parts: Vec<u64> = time.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match parts[..] {
        [hour @ ..24, minute @ ..60, second @ ..60] => Some(hour * 3600 + minute * 60 + second),
        _ => None,
    }
}

#[test]
fn the_time_reaches_a_client_that_sends_first() {
    let mut server = subject!("01").serve_as("time", "127.0.0.1:0", []);
    // Paused, so that the client's bytes arrive before the server sends the time.
    let paused = server.pause();
    let rude = server.connect("rude");
    let address = rude.local_addr().to_string();
    rude.reset();
    let mut peer = server.connect("talker");
    peer.send(&[b'x'; 50_000]).half_close();
    if paused {
        server.resume();
    }
    // Unread input at close causes RST, and RST destroys bytes that are under way.
    peer.says(
        "read-to-the-end-before-close",
        "In tell_time, close with `common::close::lingering`: FIN, then read to the end, then close. If you close with unread input, the kernel sends RST.",
    );
    let told = peer.rest();
    server.check(
        told.starts_with(b"Current time: "),
        "The time did not arrive.",
        "write-first",
        WRITE_FIRST,
    );
    // Other systems do not accept a client that has left the queue.
    if paused && cfg!(target_os = "linux") {
        server
            .says(
                "return-the-error-of-the-time",
                "In tell_time, return the error of `write_all` with `?`. The client had reset its connection, and serve logs that.",
            )
            .expect_log(&address);
    }
}

#[test]
fn the_time_comes_without_a_reset() {
    let mut server = subject!("01").serve_as("time", "127.0.0.1:0", []);
    let paused = server.pause();
    // This client keeps its side open, so that an RST can follow the server's FIN.
    let mut peer = server.connect("talker");
    peer.send(&[b'x'; 50_000]);
    if paused {
        server.resume();
    }
    peer.says("close-after-the-time", CLOSE_AFTER_THE_TIME);
    peer.rest();
    // A server that sleeps instead of reading sends RST only when it wakes up.
    peer.says(
        "read-to-the-end-before-close",
        "In tell_time, close with `common::close::lingering`: FIN, then read to the end, then close. If you close with unread input, the kernel sends RST.",
    )
    .wait_until_read()
    .expect_no_reset();
}

#[test]
fn bytes_after_the_time_cause_no_reset() {
    let server = subject!("01").serve_as("time", "127.0.0.1:0", ["--at", "0"]);
    for _ in 0..TRIES {
        let begun = Instant::now();
        let mut peer = server.connect("talker");
        peer.says("close-after-the-time", CLOSE_AFTER_THE_TIME).expect(b"Current time: 00:00:00");
        // By now the server waits for this client's FIN, or has closed the connection.
        let is_idle = server.wait_until_idle();
        let has_fin = poll_until(Deadline::after(ARRIVAL), || peer.has_received());
        peer.check(
            has_fin || !is_idle,
            "The server sent the time and waits. It has not closed its sending side (FIN).",
            "FIN was expected here",
        );
        peer.send(b"x");
        server.wait_until_idle();
        match peer.is_open_at_their_side() {
            None => {
                return server.skip("this system cannot tell whether a connection was reset");
            }
            Some(true) => return,
            // After the limit, a server may have given up on this client.
            Some(false) if begun.elapsed() > DRAIN_TIME / 2 => (),
            Some(false) => return fail_as_closed(peer),
        }
    }
    server.skip("the server sent FIN late, or this machine is too busy to judge");
}

/// The server has closed the connection of a client that has sent no FIN.
fn fail_as_closed(mut peer: Peer) {
    peer.says(
        "read-until-the-clients-fin",
        "In tell_time, read until the client's FIN before you close, as `common::close::lingering` does. Bytes for a closed socket cause RST.",
    )
    .expect_no_reset()
    .check(
        false,
        "The client sent a byte after the time, and the server closed the connection.",
        "wanted it to be open until the client's FIN",
    );
}
