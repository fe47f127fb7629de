//! Step download: exactly as many bytes as promised, the list, and the sum.

use super::shelf::{NO_SUCH_FILE, Shelf, bytes, expect_file, sum};
use std::fs::{self, OpenOptions};
use std::io::Write;
use testkit::subject;

/// More than the buffers between two programs hold, so that a transfer is still under way when
/// its reader does not read (tcp(7): tcp_wmem, tcp_rmem).
/// One byte more than whole buffers, so that the last step is a short one.
const LARGE: u64 = (512 << 10) + 1;

/// The size of a file that has become shorter. Less than the buffers hold.
const SHRUNK: u64 = 256 << 10;

#[cfg(unix)]
const LIST_WHAT_CAN_BE_OPENED: &str = "In `list`, list only names that `open_file` opens. These are regular files. Do not follow links to folders, because they may lead in circles.";

#[test]
fn a_file_comes_with_its_size_before_it() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let every_byte: Vec<u8> = (0..=255).collect();
    shelf.add("bytes.bin", &every_byte);
    let server = shelf.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "size-line-then-bytes",
        "In `send_file`, write the size and a newline, then the unchanged bytes of the file. A file is not text.",
    );
    expect_file(&mut peer, "bytes.bin", &every_byte);
    peer.expect_silence();
}

#[test]
fn files_of_any_size_arrive_exact() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "any-file-size",
        "In `send_file` and `copy::send`, handle an empty file (`0\\n`) and a file larger than your buffer.",
    );
    for size in [0, 1, 8191, 8192, 8193, 65_536, (1 << 20) + 1] {
        let bytes = bytes(size);
        shelf.add("file", &bytes);
        expect_file(&mut peer, "file", &bytes);
    }
}

#[test]
fn files_asked_for_together_come_one_after_the_other() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &[]);
    server
        .connect("peer")
        .says("next-answer-after-last-byte", "After the last byte of a file, send nothing. The next byte on the connection belongs to the next answer.")
        .send(b"notes.txt\r\nnothing\r\ndocs/plan.txt\n")
        .expect(b"12\nhello, worldERROR no such file\n14\nfirst the plan")
        .half_close()
        .expect_end();
}

#[test]
fn plain_names_are_not_refused() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let mut names = vec![
        "..notes",
        "a..b",
        "...",
        "dots..",
        "a b  c",
        " ",
        "-x",
        "list",
        "get 5 x",
        "ünïcödé 世界",
        ".hidden",
        "docs/.hidden",
        "docs/deep/deeper/x",
        "%2e%2e",
        "lab07-upload-x",
        "~",
    ];
    if cfg!(windows) {
        names.retain(|name| !name.ends_with([' ', '.']));
    }
    names.iter().for_each(|name| {
        shelf.add(name, name.as_bytes());
    });
    let server = shelf.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says("two-dots-only-as-part", "In `Name::parse`, refuse `..` only when it is a whole part. `a..b` and `...` are plain names.");
    for name in names {
        expect_file(&mut peer, name, name.as_bytes());
    }
    if cfg!(not(windows)) {
        let long = format!("{0}/{0}/{0}/x", "d".repeat(133));
        shelf.add(&long, b"deep");
        peer.says(
            "no-limit-for-names",
            "In `Name::parse`, set no limit of your own. One part has at most 255 bytes, and a name has several parts.",
        );
        expect_file(&mut peer, &long, b"deep");
    }
}

#[test]
#[cfg(unix)]
fn links_that_stay_in_the_shared_folder_are_followed() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, shelf.path(name)).expect("the folder is ours");
    };
    link("notes.txt", "link");
    link("docs", "papers");
    link("../notes.txt", "docs/notes");
    // The path of the shared folder may contain a link, too.
    link("shared", "../alias");
    let server = lab.serve(["--root", &super::shelf::text(&shelf.path("../alias"))]);
    let mut peer = server.connect("peer");
    peer.says("canonical-root", "In `Root::open`, canonicalize the root, too. `Root::resolve` compares two canonical paths, and here the path of the shared folder contains a link.");
    expect_file(&mut peer, "notes.txt", b"hello, world");
    peer.says("inner-links-are-followed", "In `Root::open_file`, look at the path that `resolve` returned, with `fs::metadata`. A link that stays inside the shared folder is allowed.");
    expect_file(&mut peer, "link", b"hello, world");
    expect_file(&mut peer, "papers/plan.txt", b"first the plan");
    expect_file(&mut peer, "docs/notes", b"hello, world");
}

#[test]
#[cfg(unix)]
fn a_file_that_must_not_be_read_is_answered_like_a_missing_one() {
    use std::os::unix::fs::PermissionsExt;
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let none = fs::Permissions::from_mode(0o000);
    fs::set_permissions(shelf.path("notes.txt"), none).expect("the file is ours");
    if fs::File::open(shelf.path("notes.txt")).is_ok() {
        return lab.skip("this user may read every file");
    }
    let server = shelf.serve(&lab, &[]);
    server
        .connect("peer")
        .says(
            "same-answer-for-forbidden",
            "In `Root::open_file`, return `no_such_file` for every error. Another answer would tell the client that the file exists.",
        )
        .send(b"notes.txt\n")
        .expect(NO_SUCH_FILE)
        .says("list-what-can-be-opened", LIST_WHAT_CAN_BE_OPENED)
        .send(b"/list\n")
        .expect(b"1\n14 docs/plan.txt\n");
}

#[test]
fn a_file_that_grows_is_sent_as_promised() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    shelf.add_sparse("growing", LARGE);
    let server = shelf.serve(&lab, &[]);
    let mut peer = server.connect_non_reading("peer");
    peer.says(
        "never-more-than-promised",
        "In `copy::send`, count the bytes and stop at `count`, however long the file is now. Shorten the last step.",
    );
    peer.send(b"growing\n").expect(format!("{LARGE}\n").as_bytes());
    server.wait_until_idle();
    let mut file = OpenOptions::new().append(true).open(shelf.path("growing")).expect("it is ours");
    file.write_all(&[b'x'; 100_000]).expect("it can grow");

    peer.pass_on(LARGE, &mut std::io::sink());
    peer.send(b"nothing\n").expect(NO_SUCH_FILE);
}

#[test]
fn a_file_that_shrinks_breaks_the_connection() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    shelf.add_sparse("shrinking", LARGE);
    let server = shelf.serve(&lab, &[]);
    let mut peer = server.connect_non_reading("peer");
    peer.says("break-the-promise", "In `copy::send`, end the loop when a step moves 0 bytes. In `send_file`, return an error when fewer bytes went than promised, so that session.rs resets the connection.");
    peer.send(b"shrinking\n").expect(format!("{LARGE}\n").as_bytes());
    server.wait_until_idle();
    let file = OpenOptions::new().write(true).open(shelf.path("shrinking")).expect("it is ours");
    file.set_len(SHRUNK).expect("it can shrink");

    let mut received = Vec::new();
    let count = peer.until_reset(&mut received);
    server.check(
        count < LARGE && received.iter().all(|byte| *byte == 0),
        &format!(
            "The server sent {count} bytes after it had promised {LARGE}, and the file had become shorter."
        ),
        "no-padding",
        "In `send_file`, do not fill up missing bytes, and do not write an error. The client takes every byte for the file.",
    );
}

#[test]
fn a_large_file_takes_little_memory() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let size = 8 << 20;
    shelf.add_sparse("large", size);
    let server = shelf.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    expect_file(&mut peer, "notes.txt", b"hello, world");
    let Some(before) = server.resources() else {
        return server.skip("no /proc to see memory in");
    };
    peer.send(b"large\n/sum large\n").expect(format!("{size}\n").as_bytes());
    peer.pass_on(size, &mut std::io::sink()).line();
    let after = server.resources().map_or(usize::MAX, |now| now.peak_memory);
    let used = after.saturating_sub(before.peak_memory);
    server.check(
        used < 4 << 20,
        &format!("The server used {} KiB of memory to send and sum a file of 8 MiB.", used >> 10),
        "small-buffer",
        "Move a file through a small buffer, piece by piece, in `copy` and `Digest::of`. Never hold all of it in memory.",
    );
}

#[test]
fn the_list_has_all_files_with_their_sizes_sorted_by_name() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    shelf.add("Z.txt", b"").add("docs.txt", b"x").add("docs/a b", b"xx").add("docs/deep/x", b"xxx");
    fs::create_dir(shelf.path("empty")).expect("the folder is ours");
    let server = shelf.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer
        .says(
            "list-every-file",
            "In `list`, enter each folder, join the parts with `/`, and list files only. A `BTreeMap` sorts the names.",
        )
        .send(b"/list\nnothing\n")
        .expect(
            b"6\n0 Z.txt\n1 docs.txt\n2 docs/a b\n3 docs/deep/x\n14 docs/plan.txt\n12 notes.txt\n",
        )
        .expect(NO_SUCH_FILE);
    shelf.add(".hidden", b"");
    peer.says(
        "list-dot-files",
        "In `list`, list a file whose name begins with a dot, too. A client can request it.",
    )
    .send(b"/list\n")
    .expect(b"7\n0 .hidden\n");
}

#[test]
fn an_empty_list_is_a_zero() {
    let lab = subject!("07");
    let shelf = Shelf::empty(&lab);
    let mut server = shelf.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "empty-list-is-zero",
        "Answer `/list` with the count of lines first. Of an empty folder the count is 0.",
    )
    .send(b"/list\n")
    .expect(b"0\n")
    .expect_silence();
    // Reading a folder needs a descriptor.
    if server.forbid_new_descriptors() {
        peer.says(
            "list-without-unreadable-folders",
            "In `list`, leave out a folder that `read_dir` cannot read, and do not `unwrap` its result.",
        )
        .send(b"/list\n")
        .expect(b"0\n");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn the_list_has_nothing_that_cannot_be_asked_for() {
    use std::os::unix::ffi::OsStrExt;
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, shelf.path(name)).expect("the folder is ours");
    };
    let server = shelf.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    let wanted = b"3\n14 docs/plan.txt\n12 link\n12 notes.txt\n";
    link("notes.txt", "link");
    peer.says(
        "list-links-to-files",
        "In `list`, list a link to a file, too. `file_type().is_file()` is `false` for a link, because it describes the link itself.",
    );
    peer.send(b"/list\n").expect(b"3\n");
    peer.says(
        "list-size-of-the-file",
        "In `list`, take the size from the file that `open_file` opens. `DirEntry::metadata` describes a link itself, and not its target.",
    );
    peer.expect(&wanted[2..]).expect_silence();
    let mut expect_the_same = |id, think| {
        peer.says(id, think).send(b"/list\n").expect(wanted).expect_silence();
    };
    link("../secret.txt", "out");
    link("nothing", "dangling");
    link("..", "docs/circle"); // following it would never end
    let _socket = std::os::unix::net::UnixListener::bind(shelf.path("socket"));
    expect_the_same("list-what-can-be-opened", LIST_WHAT_CAN_BE_OPENED);
    shelf.add("new\nline", b"").add("back\\slash", b"").add("bell\x07", b"");
    let not_text = std::ffi::OsStr::from_bytes(b"not \xff text");
    fs::write(shelf.root().join(not_text), b"").expect("the folder is ours");
    expect_the_same(
        "list-goes-on",
        "In `list`, leave out a name that is not UTF-8 or that `Name::parse` refuses, and go on with the next entry.",
    );
    // With "0 " before it, 1,025 bytes.
    shelf.add(&format!("{0}/{0}/{0}/{0}/{1}", "x".repeat(204), "x".repeat(203)), b"");
    expect_the_same(
        "list-lines-that-fit",
        "In `list`, leave out a file if its line `SIZE NAME`, with the space, is longer than `line::MAX_LINE`. Our client reads no longer line.",
    );
    // With "0 " before it, 1,024 bytes.
    let longest = format!("{0}/{0}/{0}/{0}/{1}", "y".repeat(204), "y".repeat(202));
    shelf.add(&longest, b"");
    peer.says(
        "list-the-longest-line",
        "In `list`, list a file whose line `SIZE NAME` has exactly `line::MAX_LINE` bytes, without the newline.",
    )
    .send(b"/list\n")
    .expect(format!("4\n14 docs/plan.txt\n12 link\n12 notes.txt\n0 {longest}\n").as_bytes());
}

#[test]
fn a_sum_is_the_sha_256_of_the_whole_file() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let large = bytes(200_003);
    shelf.add("empty", b"").add("abc", b"abc").add("large", &large);
    let server = shelf.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "sum-bytes-read",
        "In `Digest::of`, rewind the file, then hash only the bytes that each read returned. The rest of the buffer is not of the file.",
    );
    // The examples of FIPS 180-4.
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    for (name, sum) in [("abc", abc), ("empty", empty)] {
        peer.send(format!("/sum {name}\n").as_bytes()).expect(format!("{sum}\n").as_bytes());
    }
    peer.says(
        "sum-until-the-end",
        "In `Digest::of`, repeat the read until it returns 0. Hash the bytes that each read returned, and not the rest of the buffer.",
    );
    peer.send(b"/sum large\n").expect(format!("{}\n", sum(&large)).as_bytes());
}

#[test]
fn a_sum_is_that_of_the_file_as_it_is_now() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "hash-at-each-request",
        "In `Digest::of`, read the file at each request. A file may change and keep its name and size.",
    );
    for content in [b"hello, world", b"hello, worle"] {
        shelf.add("notes.txt", content);
        peer.send(b"/sum notes.txt\n").expect(format!("{}\n", sum(content)).as_bytes());
    }
}

#[test]
#[cfg(unix)]
fn a_download_goes_on_after_ctrl_z() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    shelf.add_sparse("large", LARGE);
    let mut server = shelf.serve(&lab, &["--stall-timeout", "600"]);
    let mut peer = server.connect_non_reading("peer");
    peer.says(
        "retry-interrupted-send",
        "In `copy::send`, repeat the call after `Interrupted`, and write the bytes that a short `write` left. Ctrl-Z interrupts a call with a timeout.",
    );
    peer.send(b"large\n").expect(format!("{LARGE}\n").as_bytes());
    // The first interruption may end a call that has sent something. The next one has not.
    for _ in 0..3 {
        server.wait_until_idle();
        server.pause();
        server.resume();
    }
    peer.pass_on(LARGE, &mut std::io::sink());
    expect_file(&mut peer, "notes.txt", b"hello, world");
}
