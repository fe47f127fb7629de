//! Step many: many clients, none of which delays another.

use super::shelf::{NO_SUCH_FILE, Shelf, bytes, content, expect_file, put};
use std::net::TcpStream;
use testkit::{Peer, Server, Subject, subject};

/// More than the buffers between two programs hold.
const LARGE: u64 = 512 << 10;

#[test]
fn a_silent_client_delays_nobody() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    // Longer than this test takes, so the silent client stays.
    let server = shelf.serve(&lab, &["--request-timeout", "600"]);
    let mut silent = server.connect("silent");
    let mut half = server.connect("half");
    half.send(b"notes.t");
    let mut third = server.connect("third");
    third.says(
        "thread-per-client",
        "In `serve`, give each client a thread, and do not join it before the next `accept` (`clients::serve`).",
    );
    expect_file(&mut third, "notes.txt", b"hello, world");
    let _crowd: Vec<_> = (0..40).map(|_| TcpStream::connect(server.address())).collect();
    let mut next = server.connect("next");
    next.says(
        "places-for-256",
        "In `serve`, serve up to 256 clients at the same time (`clients::serve`). Here some forty clients are silent.",
    );
    expect_file(&mut next, "notes.txt", b"hello, world");
    half.send(b"xt\n").expect(b"12\nhello, world");
    expect_file(&mut silent, "docs/plan.txt", b"first the plan");
}

#[test]
fn a_server_without_a_request_sleeps() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--request-timeout", "600"]);
    let mut silent = server.connect("silent");
    expect_file(&mut silent, "notes.txt", b"hello, world");
    server.check(
        server.wait_until_idle(),
        "The server never sleeps. It uses CPU time while its clients are silent.",
        "let-accept-block",
        "In `serve`, use a blocking `accept`, and no loop that asks again and again. A thread that waits in the kernel uses no CPU time.",
    );
}

#[test]
fn a_client_that_does_not_read_delays_nobody() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    shelf.add_sparse("large", LARGE);
    let server = shelf.serve(&lab, &[]);
    let mut deaf = server.connect_non_reading("deaf");
    deaf.send(b"large\n").wait_until_read();
    server.wait_until_idle();
    let mut next = server.connect("next");
    next.says(
        "deaf-client-holds-nothing",
        "Hold no lock while you write to a client. A write waits as long as the client does not read.",
    );
    expect_file(&mut next, "notes.txt", b"hello, world");
    deaf.expect(format!("{LARGE}\n").as_bytes()).pass_on(LARGE, &mut std::io::sink());
}

#[test]
fn an_upload_that_waits_delays_nobody() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--writable"]);
    let mut slow = server.connect("slow");
    slow.send(&put("new.txt", b"hello, slow")).expect(b"GO\n").send(b"hello").wait_until_read();
    let mut next = server.connect("next");
    next.says(
        "upload-holds-nothing",
        "Hold no lock in `upload::receive`. An upload waits for its client, and other clients must not wait with it.",
    );
    next.send(&put("docs/new.txt", b"x")).expect(b"GO\n").send(b"x").expect(b"OK\n");
    // No client sees an incomplete file.
    next.send(b"new.txt\n").expect(NO_SUCH_FILE);
    next.send(b"/list\n").expect(b"3\n1 docs/new.txt\n14 docs/plan.txt\n12 notes.txt\n");
    slow.send(b", slow").expect(b"OK\n");
}

#[test]
fn each_client_has_its_own_place_in_a_file() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let large = bytes(LARGE as usize);
    shelf.add("large", &large);
    let server = shelf.serve(&lab, &[]);
    let mut slow = server.connect_non_reading("slow");
    slow.send(b"large\n").expect(format!("{LARGE}\n").as_bytes());
    server.wait_until_idle();
    let mut fast = server.connect("fast");
    fast.says(
        "open-file-for-each",
        "In `Root::open_file`, open the file for each request. An open file has one position for all its readers.",
    );
    expect_file(&mut fast, "large", &large);

    let mut received = Vec::new();
    slow.says(
        "open-file-for-each",
        "In `Root::open_file`, open the file for each request. An open file has one position for all its readers.",
    );
    slow.pass_on(LARGE, &mut received);
    server.check(
        received == large,
        "The slow client received other bytes than those of the file.",
        "own-position",
        "Call `File::open` for each request, so that each client has its own position in the file.",
    );
}

#[test]
fn two_uploads_of_one_name_do_not_mix() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--writable"]);
    let (one, other) = (vec![b'1'; 100_000], vec![b'2'; 100_000]);
    let mut first = server.connect("first");
    let mut second = server.connect("second");
    let think = "Create a temporary file with a unique name for each upload. The upload that ends last replaces the other.";
    first
        .says("own-temporary-file", think)
        .send(&put("both", &one))
        .expect(b"GO\n")
        .send(&one[..60_000])
        .wait_until_read();
    second
        .says("own-temporary-file", think)
        .send(&put("both", &other))
        .expect(b"GO\n")
        .send(&other[..30_000])
        .wait_until_read();
    first.send(&one[60_000..]).expect(b"OK\n");
    server.check(
        content(&shelf.path("both")) == one,
        "After the first upload the stored file has other bytes.",
        "own-temporary-file",
        think,
    );
    second.send(&other[30_000..]).expect(b"OK\n");
    server.check(
        content(&shelf.path("both")) == other,
        "After the last upload the stored file has other bytes.",
        "own-temporary-file",
        think,
    );
    server.check(
        shelf.names() == ["both", "docs", "notes.txt"],
        "A temporary file is left in the folder.",
        "own-temporary-file",
        think,
    );
}

#[test]
fn who_reads_a_file_that_is_replaced_gets_the_old_one_whole() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    shelf.add_sparse("large", LARGE);
    let server = shelf.serve(&lab, &["--writable"]);
    let mut reader = server.connect_non_reading("reader");
    reader.send(b"large\n").expect(format!("{LARGE}\n").as_bytes());
    server.wait_until_idle();

    let new = vec![b'n'; 1000];
    let mut writer = server.connect("writer");
    writer.says(
        "replace-while-read",
        "In `publish`, rename over the old file while a client reads it. Take no lock for that.",
    );
    writer.send(&put("large", &new)).expect(b"GO\n").send(&new).expect(b"OK\n");
    let mut old = Vec::new();
    reader
        .says(
            "old-file-stays-open",
            "In `publish`, rename, and do not write into the old file. An open file stays readable after its name is gone.",
        )
        .pass_on(LARGE, &mut old);
    let zeros = old.iter().all(|byte| *byte == 0);
    server.check(
        zeros,
        "The reader of the old file received bytes of the new one.",
        "never-write-in-place",
        "In `upload::receive`, never write into a file that already has its final name.",
    );
    expect_file(&mut reader, "large", &new);
}

#[test]
fn a_client_that_resets_is_no_others_trouble() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    shelf.add_sparse("large", LARGE);
    let mut server = shelf.serve(&lab, &[]);
    let mut addresses = Vec::new();
    for _ in 0..3 {
        let mut rude = server.connect_non_reading("rude");
        addresses.push(rude.local_addr().to_string());
        rude.send(b"large\n").expect(format!("{LARGE}\n").as_bytes());
        rude.reset();
    }
    let mut next = server.connect("next");
    next.says(
        "reset-ends-one-client",
        "In `serve`, a failed write ends one client's thread and no other. Use `?` in your functions, not `expect`.",
    );
    expect_file(&mut next, "notes.txt", b"hello, world");
    for address in addresses {
        server
            .says("log-broken-connections", "Return the error of a broken connection. `session::handle` logs it with the client's address.")
            .expect_log(&address);
    }
}

#[test]
fn who_leaves_leaves_nothing_behind() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--writable"]);
    let visit = || {
        let mut peer = server.connect("visitor");
        expect_file(&mut peer, "notes.txt", b"hello, world");
        peer.send(b"../secret.txt\n/sum docs\n").expect(&NO_SUCH_FILE.repeat(2));
        peer.send(&put("new.txt", b"x")).expect(b"GO\n").send(b"x").expect(b"OK\n");
        peer.send(&put("new.txt", b"x")).expect(b"GO\n").send(b"y").expect(b"ERROR wrong sum\n");
        peer.half_close().expect_end();
        let mut cut = server.connect("cut");
        cut.send(&put("new.txt", b"xy")).expect(b"GO\n").send(b"x").half_close();
        cut.expect(b"ERROR upload cut short\n").expect_end();
        let mut rude = server.connect("rude");
        rude.send(&put("new.txt", b"xy")).expect(b"GO\n").send(b"x").wait_until_read();
        rude.reset();
    };
    visit();
    server.wait_until_idle();
    let Some(before) = server.resources() else {
        return server.skip("no /proc to count threads and descriptors in");
    };
    (0..5).for_each(|_| visit());
    server.expect_given_back(
        &before,
        "15 clients were served, refused, cut off or reset",
        "drop-closes", "Keep no clone of a stream or file after its client has left. The kernel closes a socket with its last descriptor.",
    );
}

const SURVIVE_EMFILE: &str = "In `serve`, go on when `accept` fails because no descriptor is free (`clients::serve`). The client stays in the backlog.";

#[test]
fn a_server_without_descriptors_serves_again() {
    let lab = subject!("07").limit_open_files(12);
    if cfg!(not(unix)) {
        return lab.skip("this system has no RLIMIT_NOFILE");
    }
    let shelf = Shelf::new(&lab);
    let mut server = shelf.serve(&lab, &["--request-timeout", "600"]);
    lab.says("survive-emfile", SURVIVE_EMFILE);
    server.says("survive-emfile", SURVIVE_EMFILE);
    let peers: Vec<Peer> = (0..12).map(|_| server.connect("peer")).collect();
    server.check(
        server.sleeps(),
        "The server never sleeps. Without a descriptor it calls accept again and again.",
        "pause-before-the-next-accept",
        "In `serve`, pause before you call `accept` again (`clients::serve`). The client stays in the backlog, so the next accept fails immediately.",
    );
    drop(peers);
    // A download needs descriptors, too, so the others must be gone before.
    server.wait_until_accepted();
    server.wait_until_idle();
    let mut next = server.connect("next");
    next.says("survive-emfile", SURVIVE_EMFILE);
    expect_file(&mut next, "notes.txt", b"hello, world");
}

/// Little more than the buffers hold, because after Ctrl-C a server has only two seconds.
const SOME: u64 = 512 << 10;

/// A server that received Ctrl-C in the middle of a download of [`SOME`] bytes and is idle now, and
/// its client. `None` on a system without signals.
fn interrupted(lab: &Subject, shelf: &Shelf) -> Option<(Server, Peer)> {
    shelf.add_sparse("large", SOME);
    let mut server = shelf.serve(lab, &[]);
    let mut peer = server.connect_non_reading("peer");
    peer.send(b"large\n").expect(format!("{SOME}\n").as_bytes());
    server.wait_until_idle();
    if !server.interrupt() {
        server.skip("this system has no signals");
        return None;
    }
    server.wait_until_idle();
    Some((server, peer))
}

const FINISH_AFTER_CTRL_C: &str =
    "In `serve`, wait for the running clients after Ctrl-C. Only the accepting ends.";

#[test]
fn ctrl_c_lets_a_download_finish() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let Some((mut server, mut peer)) = interrupted(&lab, &shelf) else { return };
    peer.says("finish-after-ctrl-c", FINISH_AFTER_CTRL_C)
        .pass_on(SOME, &mut std::io::sink())
        .expect_end()
        .half_close();
    server.expect_stopped();
}

#[test]
fn after_ctrl_c_nobody_else_is_served() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let Some((mut server, peer)) = interrupted(&lab, &shelf) else { return };
    // The late client can connect, because the server waits for the download.
    lab.says("finish-after-ctrl-c", FINISH_AFTER_CTRL_C);
    let mut late = server.connect("late");
    late.send(b"notes.txt\n");
    // Only now can the server end, which resets a client that was not accepted.
    peer.reset();
    late.says(
        "check-shutdown-after-accept",
        "In `serve`, check `shutdown.is_requested()` when `accept` returns, before you serve the client.",
    )
    .expect_reset();
    server.expect_stopped();
}
