//! Many bytes and many clients.

use std::time::Duration;
use std::{fs, io};
use testkit::{Deadline, Resources, poll_until, subject};

/// The peak memory of a server that uses one buffer stays far below this.
const SERVER_MEMORY: usize = 6 << 20;

/// A message that does not fit into [`SERVER_MEMORY`].
const LARGE: usize = 8 << 20;

/// More than all buffers between a client and a server hold.
const ENDLESS: usize = 24 << 20;

/// How many bytes a server may have read and not sent back: any usual buffer.
const ONE_BUFFER: usize = 128 << 10;

/// The memory of a server differs by less than this between two looks.
const MEMORY_NOISE: usize = 512 << 10;

/// With a buffer of 4 KiB for each, they take twice [`MEMORY_NOISE`].
const CLIENTS: usize = 256;

#[test]
fn a_large_message_comes_back() {
    // Repeated and not computed byte by byte, which takes long in a test without optimisation.
    let message = (b'a'..=b'w').collect::<Vec<u8>>().repeat(usize::div_ceil(LARGE, 23));
    let lab = subject!("01").with_large_output(message.len() + 100);
    let server = lab.serve([]);
    let mut client = lab.run(["send", "--connect", &server.address().to_string()]);
    client.write_stdin(&message).write_stdin(b"\n").write_stdin(b"and one more\n").close_stdin();
    // It prints nothing before the last byte is back, which takes longer than the usual deadline.
    poll_until(Deadline::after(Duration::from_secs(10)), || client.has_ended());
    client.expect_output(b"Received: ").expect_output(&message).expect_line("");
    client.expect_line("Received: and one more").expect_exit(0);

    let peak = server.resources().map_or(0, |used| used.peak_memory);
    server.check(
        peak < SERVER_MEMORY,
        &format!("To send 8 MiB back, the server used {} MiB of memory.", peak >> 20),
        "one-buffer-is-enough",
        "In echo, read into the same buffer each time, and keep no bytes that you have sent back.",
    );
}

/// The log shows how many bytes the server has read. While it is paused, its kernel still sends what
/// it has written.
#[test]
fn no_more_than_a_buffer_waits_in_the_server() {
    let lab = subject!("01");
    let folder = lab.folder();
    let log = folder.path().join("log");
    let mut server = lab.serve(["--log", &log.to_string_lossy()]);
    let mut peer = server.connect_non_reading("peer");
    peer.send_until_stuck(&[b'x'; 65_536], ENDLESS);
    if !server.pause() {
        return server.skip("this system has no SIGSTOP");
    }
    let lines = fs::read_to_string(&log).unwrap_or_default();
    let read: usize = lines.lines().filter_map(length).sum();
    peer.says(
        "write-before-the-next-read",
        "In echo, read again only after `write_all` has returned. The bytes of a client that does not read must not collect in memory.",
    )
    .pass_on(read.saturating_sub(ONE_BUFFER) as u64, &mut io::sink());
}

/// The number in `TIME PEER LENGTH TEXT`.
fn length(line: &str) -> Option<usize> {
    line.split(' ').nth(2)?.parse().ok()
}

#[test]
fn hundreds_of_clients_leave_nothing_behind() {
    let server = subject!("01").serve([]);
    let visit = |count: usize| {
        for _ in 0..count {
            let mut peer = server.connect("visitor");
            peer.exchange(&[b'x'; 4096], &[b'x'; 4096]).half_close().expect_end();
        }
    };
    visit(50);
    server.wait_until_idle();
    let Some(before) = server.resources() else {
        return server.skip("no /proc to count in");
    };
    visit(CLIENTS);
    let mut after = before;
    let back = poll_until(Deadline::usual(), || {
        after = server.resources().unwrap_or(before);
        is_back(before, after)
    });
    server.check(
        back,
        &format!("Before {CLIENTS} clients came and left: {before:?}. After: {after:?}."),
        "close-with-the-client",
        "In serve and echo, keep nothing of a client: no clone of its stream, no thread, no buffer. The last owner closes the socket.",
    );
}

fn is_back(before: Resources, after: Resources) -> bool {
    after.are_back_at(&before) && after.memory <= before.memory + MEMORY_NOISE
}
