//! Step upload: a file appears whole, or not at all.

use super::hostile;
use super::shelf::{NO_SUCH_FILE, Shelf, bytes, content, expect_file, names_in, put, sum, text};
use std::path::Path;
use testkit::{Deadline, Peer, Process, ScriptedServer, Subject, poll_until, show_all, subject};

const HELLO: &[u8] = b"hello, upload";

/// How the name of an upload's temporary file begins.
const UPLOAD_PREFIX: &str = ".lab07-upload-";

/// A client that stores the file at `path` on `host`, and its connection there.
fn put_to(lab: &Subject, host: &mut ScriptedServer, path: &Path) -> (Process, Peer) {
    let client = lab.run(["put", "--connect", &host.address(), &text(path)]);
    let peer = host.accept();
    (client, peer)
}

#[test]
fn an_upload_is_stored() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--writable"]);
    let mut peer = server.connect("peer");
    for (name, bytes) in [("new.txt", HELLO), ("docs/large", &bytes(1_000_003)), ("empty", b"")] {
        peer.says(
            "go-bytes-ok",
            "In `upload::receive`, write GO, receive `size` bytes, publish the file, and then write OK.",
        );
        peer.send(&put(name, bytes)).expect(b"GO\n").send(bytes).expect(b"OK\n");
        let stored = content(&shelf.path(name));
        server.check(
            shelf.path(name).exists(),
            &format!("OK was sent, and there is no file {name}."),
            "ok-after-rename",
            "In `upload::receive`, write OK after `publish`. Until then the file does not have its name.",
        );
        server.check(
            stored == bytes,
            &format!("{} bytes were uploaded, and {name} has {} other ones.", bytes.len(), stored.len()),
            "read-until-size",
            "In `upload::receive`, read until `size` bytes have arrived (`copy::receive`). One read may return a part.",
        );
        expect_file(&mut peer, name, bytes);
    }
}

#[test]
fn without_writable_nothing_is_taken() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let before = shelf.everything();
    let server = shelf.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "read-only-before-go",
        "Refuse `/put` before GO when the server is read-only. The client must not send the bytes.",
    );
    peer.send(&put("new.txt", HELLO)).expect(b"ERROR read only\n");
    peer.send(&put("notes.txt", HELLO)).expect(b"ERROR read only\n");
    expect_file(&mut peer, "notes.txt", b"hello, world");
    server.check(
        shelf.everything() == before,
        "A refused upload has changed the shared folder.",
        "read-only-changes-nothing",
        "Without `--writable` the server must not create or change a file.",
    );
}

#[test]
fn bytes_that_come_with_the_request_are_the_file() {
    let lab = subject!("07");
    let shelf = Shelf::empty(&lab);
    let server = shelf.serve(&lab, &["--writable"]);
    let together = [&put("new.txt", HELLO), HELLO, b"/list\n"].concat();
    server
        .connect("peer")
        .says("one-buffer-for-upload", "In `upload::receive`, read from `input`. The read that returned the request line may have returned the file and the next line.")
        .send(&together)
        .expect(b"GO\nOK\n1\n13 new.txt\n");
}

#[test]
fn a_body_cut_anywhere_is_the_same_file() {
    let lab = subject!("07");
    let shelf = Shelf::empty(&lab);
    let conversation = [&put("new.txt", HELLO), HELLO, b"/sum new.txt\n"].concat();
    let args = ["--root", &text(&shelf.root()), "--writable"];
    let stored = format!("GO\nOK\n{}\n", sum(HELLO));
    lab.for_any_split(&args, &conversation, |peer, pieces| {
        peer.says(
            "stop-at-upload-size",
            "In `copy::receive`, take exactly `size` bytes. The next request begins with the byte after them.",
        )
        .send_in_pieces(pieces)
        .expect(stored.as_bytes());
    });
}

#[test]
fn an_upload_that_cannot_begin_is_refused_before_go() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let mut server = shelf.serve(&lab, &["--writable"]);
    let mut peer = server.connect("peer");
    expect_file(&mut peer, "notes.txt", b"hello, world");
    server.wait_until_idle();
    // The temporary file needs a descriptor.
    if !server.forbid_new_descriptors() {
        return server.skip("this system cannot limit the open files of another process");
    }
    peer.says(
        "temporary-file-before-go",
        "In `upload::receive`, create the temporary file before you write GO, and return `Refused` if that fails. After GO the client sends all bytes in vain.",
    )
    .send(&put("new.txt", HELLO))
    .expect(b"ERROR cannot store the file\n")
    .send(b"../secret.txt\n")
    .expect(NO_SUCH_FILE);
}

#[test]
fn until_it_is_whole_the_old_file_stands() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--writable"]);
    let mut peer = server.connect("peer");
    peer.send(&put("notes.txt", HELLO)).expect(b"GO\n");
    peer.send(&HELLO[..5]).wait_until_read();
    server.wait_until_idle();
    let names = shelf.names();
    server.check(
        content(&shelf.path("notes.txt")) == b"hello, world",
        "The old file is gone, and the upload is not complete.",
        "old-file-until-publish",
        "In `upload::receive`, write to a temporary file, and rename it at the end. rename(2) replaces in one step.",
    );
    let is_hidden = names.iter().any(|name| name.starts_with(UPLOAD_PREFIX));
    let is_known =
        |name: &String| name.starts_with('.') || ["docs", "notes.txt"].contains(&&**name);
    server.check(
        is_hidden && names.iter().all(is_known),
        &format!("An upload is under way, and the shared folder holds {}.", show_all(&names)),
        "hidden-temporary-file",
        "Create the temporary file in the folder of the destination, with a name that begins with `UPLOAD_PREFIX`.",
    );
    peer.send(&HELLO[5..]).expect(b"OK\n");
    let names = shelf.names();
    let stored = content(&shelf.path("notes.txt")) == HELLO && names == ["docs", "notes.txt"];
    server.check(
        stored,
        &format!("After OK the shared folder holds {}.", show_all(&names)),
        "ok-after-rename",
        "In `upload::receive`, write OK after `publish`. Until then the file does not have its name.",
    );
}

#[test]
fn a_temporary_file_is_in_the_folder_of_its_name() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--writable"]);
    let mut peer = server.connect("peer");
    peer.send(&put("docs/new.txt", HELLO)).expect(b"GO\n");
    peer.send(&HELLO[..5]).wait_until_read();
    server.wait_until_idle();
    let names = names_in(&shelf.path("docs"));
    server.check(
        names.iter().any(|name| name.starts_with(UPLOAD_PREFIX)),
        &format!("An upload of docs/new.txt is under way, and docs holds {}.", show_all(&names)),
        "hidden-temporary-file",
        "Create the temporary file in the folder of the destination, with a name that begins with `UPLOAD_PREFIX`.",
    );
}

#[test]
fn ok_means_that_the_file_has_its_name() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--writable"]);
    let mut peer = server.connect("peer");
    peer.send(&put("new.txt", HELLO)).expect(b"GO\n").send(&HELLO[..5]).wait_until_read();
    server.wait_until_idle();
    // Nothing can be renamed to the name of a folder.
    let is_free = std::fs::create_dir(shelf.path("new.txt")).is_ok();
    server.check(
        is_free,
        "The upload is not complete, and there is a file new.txt.",
        "free-until-publish",
        "In `upload::receive`, create no file under the final name before `publish`. Other clients can read a file that has its name.",
    );
    peer.says(
        "answer-a-failed-publish",
        "In `upload::receive`, return `Refused` with `CANNOT_STORE` when `publish` fails. Here `new.txt` has become a folder.",
    );
    let answer = peer.send(&HELLO[5..]).line();
    server.check(
        answer.starts_with("ERROR "),
        &format!("A file could not get its name, and the server answered {answer:?}."),
        "ok-after-rename",
        "In `upload::receive`, write OK after `publish`. Until then the file does not have its name.",
    );
    let names = shelf.names();
    server.check(
        names == ["docs", "new.txt", "notes.txt"],
        &format!("After an upload that could not get its name, the shared folder holds {}.", show_all(&names)),
        "drop-removes-upload",
        "In `upload::receive`, write to a `NamedTempFile`. Its `Drop` removes the file on every error path.",
    );
    expect_file(&mut peer, "notes.txt", b"hello, world");
}

#[test]
fn a_wrong_sum_is_refused_and_leaves_nothing() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let before = shelf.everything();
    let server = shelf.serve(&lab, &["--writable"]);
    let mut peer = server.connect("peer");
    peer.says(
        "compare-upload-sum",
        "In `upload::receive`, compare the digest of the received bytes with the announced one. Return `Refused`, because all bytes were read.",
    );
    peer.send(&put("notes.txt", HELLO)).expect(b"GO\n");
    peer.send(b"hello, uploae").expect(b"ERROR wrong sum\n");
    server.check(
        shelf.everything() == before,
        &format!("After a wrong sum the shared folder holds {}.", show_all(shelf.names())),
        "wrong-upload-is-removed",
        "In `upload::receive`, return before `publish` when the sum is wrong. Dropping the `NamedTempFile` removes it.",
    );
    expect_file(&mut peer, "notes.txt", b"hello, world");
}

#[test]
fn an_upload_cut_short_leaves_nothing() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let before = shelf.everything();
    let server = shelf.serve(&lab, &["--writable"]);
    let mut peer = server.connect("peer");
    peer.send(&put("notes.txt", HELLO)).expect(b"GO\n").send(&HELLO[..12]).half_close();
    peer.says(
        "fin-is-not-end-of-file",
        "In `copy::receive`, count the bytes until the stream ends. In its caller, compare the count with the promised size.",
    )
    .expect(b"ERROR upload cut short\n")
    .expect_end();
    server.check(
        shelf.everything() == before,
        &format!("After half an upload the shared folder holds {}.", show_all(shelf.names())),
        "half-upload-is-removed",
        "In `upload::receive`, return before `publish` when bytes are missing. Dropping the `NamedTempFile` removes it.",
    );
}

#[test]
fn an_upload_that_breaks_leaves_nothing() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let before = shelf.everything();
    let server = shelf.serve(&lab, &["--writable"]);
    let mut peer = server.connect("peer");
    peer.send(&put("notes.txt", HELLO)).expect(b"GO\n").send(&HELLO[..12]).wait_until_read();
    peer.reset();
    let cleaned = poll_until(Deadline::usual(), || shelf.everything() == before);
    let is_kept = content(&shelf.path("notes.txt")) == b"hello, world";
    server.check(
        is_kept,
        "After a broken upload, notes.txt has other bytes than before.",
        "old-file-until-publish",
        "In `upload::receive`, write to a temporary file, and rename it at the end. rename(2) replaces in one step.",
    );
    server.check(
        cleaned,
        &format!(
            "After a broken upload the shared folder still holds {}; expected: docs, notes.txt.",
            show_all(shelf.names()),
        ),
        "drop-removes-upload", "In `upload::receive`, write to a `NamedTempFile`. Its `Drop` removes the file on every error path.",
    );
}

#[test]
#[cfg(unix)]
fn an_upload_goes_on_after_ctrl_z() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let mut server = shelf.serve(&lab, &["--writable", "--stall-timeout", "600"]);
    let mut peer = server.connect("peer");
    peer.says(
        "retry-interrupted-read",
        "In `copy::receive`, repeat the read after `Interrupted`. A read with a timeout fails with EINTR when the process is stopped and continued.",
    );
    peer.send(&put("new.txt", HELLO)).expect(b"GO\n").send(&HELLO[..5]).wait_until_read();
    server.wait_until_idle();
    server.pause();
    server.resume();
    server.wait_until_idle();
    peer.send(&HELLO[5..]).expect(b"OK\n");
    expect_file(&mut peer, "new.txt", HELLO);
}

#[test]
fn a_large_upload_takes_little_memory() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--writable"]);
    let large = vec![0; 20 << 20];
    let mut peer = server.connect("peer");
    peer.send(&put("large", &large)).expect(b"GO\n").send(&large).expect(b"OK\n");
    let Some(resources) = server.resources() else {
        return server.skip("no /proc to see memory in");
    };
    server.check(
        resources.peak_memory < 16 << 20,
        &format!("The server used {} KiB of memory to store 20 MiB.", resources.peak_memory >> 10),
        "small-buffer",
        "Move a file through a small buffer, piece by piece, in `copy` and `Digest::of`. Never hold all of it in memory.",
    );
}

/// The advice for an upload to `name`. The ladder has no room for the whole line.
fn same_names(name: &[u8]) -> String {
    let check = match str::from_utf8(name) {
        Ok(_) => {
            "In `destination` and `Name::parse`, refuse the name before GO, as for a download."
        }
        Err(_) => "In `Request::parse`, refuse bytes that are not UTF-8. Do not replace them.",
    };
    let start = &name[..name.len().min(60)];
    let rest = if start.len() < name.len() { "…" } else { "" };
    format!("{check} Here the name is `{}{rest}`.", start.escape_ascii())
}

#[test]
fn hostile_names_cannot_be_written_to() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let before = shelf.everything();
    let server = shelf.serve(&lab, &["--writable"]);
    let mut peer = server.connect("peer");
    let put_as = put("", b"x");
    let put_as = put_as.trim_ascii_end();
    for name in hostile::impossible(&shelf.root()) {
        peer.says("same-names-for-uploads", &same_names(&name));
        peer.send(&[put_as, b" ", &name, b"\n"].concat()).expect(NO_SUCH_FILE);
    }
    server.check(
        shelf.everything() == before,
        "An upload under a hostile name has changed a file in the shared folder or beside it.",
        "resolve-upload-folder",
        "In `destination`, call `Root::resolve` for the folder of the name. `Name::parse` has checked only its text.",
    );
}

#[test]
#[cfg(unix)]
fn nothing_is_written_through_a_link() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let links = [
        ("file", "../secret.txt"),
        ("folder", ".."),
        ("new", "../new.txt"),
        ("inside", "notes.txt"),
    ];
    for (name, target) in links {
        std::os::unix::fs::symlink(target, shelf.path(name)).expect("the folder is ours");
    }
    let before = shelf.everything();
    let server = shelf.serve(&lab, &["--writable"]);
    let mut peer = server.connect("peer");
    peer.says(
        "link-is-not-regular",
        "In `destination`, resolve the folder, then ask `fs::symlink_metadata` about the name itself. A link is not a regular file.",
    );
    for name in
        ["file", "new", "inside", "folder/secret.txt", "folder/new.txt", "folder/shared/../x"]
    {
        peer.send(&put(name, HELLO)).expect(NO_SUCH_FILE);
    }
    server.check(
        shelf.everything() == before
            && content(&shelf.path("../secret.txt")) == super::shelf::SECRET,
        "An upload through a link has changed a file in the shared folder or beside it.",
        "no-write-through-links",
        "In `destination`, use `fs::symlink_metadata`. `fs::metadata` follows the link and describes its target.",
    );
}

#[test]
fn a_folder_is_neither_replaced_nor_made() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let before = shelf.everything();
    let server = shelf.serve(&lab, &["--writable"]);
    let mut peer = server.connect("peer");
    peer.says(
        "destination-before-go",
        "In `destination`, check before GO that the folder exists and that the name is free or a regular file.",
    );
    for name in ["docs", "nothing/new.txt", "notes.txt/new.txt"] {
        peer.send(&put(name, HELLO)).expect(NO_SUCH_FILE);
    }
    server.check(
        shelf.everything() == before,
        "An upload in the place of a folder has changed the shared folder.",
        "create-no-folder",
        "In `destination`, refuse a name whose folder is missing. An upload creates no folder and replaces none.",
    );
}

#[test]
fn an_upload_under_way_cannot_be_named() {
    let lab = subject!("07");
    let shelf = Shelf::empty(&lab);
    // Such files exist while another client uploads.
    let names = [".lab07-upload-x7Gh2k", ".LAB07-Upload-2", "docs/.lab07-upload-"];
    names.iter().for_each(|name| {
        shelf.add(name, HELLO);
    });
    let server = shelf.serve(&lab, &["--writable"]);
    let mut peer = server.connect("peer");
    peer.says(
        "upload-prefix-is-reserved",
        "In `Name::parse`, refuse a part that begins with `UPLOAD_PREFIX`, in upper or lower case. Such a file is incomplete.",
    );
    for name in names {
        peer.send(format!("{name}\n/sum {name}\n").as_bytes()).expect(&NO_SUCH_FILE.repeat(2));
        peer.send(&put(name, HELLO)).expect(NO_SUCH_FILE);
    }
    peer.send(b"/list\n").expect(b"0\n").expect_silence();
}

#[test]
#[cfg(unix)]
fn a_stored_file_may_be_read_by_whom_the_system_says() {
    use std::os::unix::fs::MetadataExt;
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--writable"]);
    server.connect("peer").send(&put("new.txt", HELLO)).expect(b"GO\n").send(HELLO).expect(b"OK\n");
    // The server has our umask, so its files have the mode of ours.
    let mode =
        |name: &str| std::fs::metadata(shelf.path(name)).map_or(0, |file| file.mode() & 0o777);
    server.check(
        mode("new.txt") == mode("notes.txt"),
        &format!(
            "The stored file has mode {:o}; an ordinary new one {:o}.",
            mode("new.txt"),
            mode("notes.txt")
        ),
        "ordinary-file-mode",
        "Create the temporary file with mode 0666 less the umask. `tempfile` uses 0600, so that only its owner may read it.",
    );
}

#[test]
fn put_sends_the_file_when_it_is_told_to_go() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let mut host = lab.scripted_server("host");
    let (mut client, mut peer) = put_to(&lab, &mut host, &shelf.path("notes.txt"));
    peer.says(
        "wait-for-go", "In `put`, send the request line, wait for GO, then send the file from its beginning (`rewind`).",
    );
    peer.expect(&put("notes.txt", b"hello, world")).expect_silence();
    peer.send(b"GO\n").expect(b"hello, world").expect_silence();
    peer.send(b"OK\n");
    client.expect_line("Stored: notes.txt (12 bytes)").expect_exit(0);
}

#[test]
fn put_sends_no_more_than_it_announced() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let mut host = lab.scripted_server("host");
    let (mut client, mut peer) = put_to(&lab, &mut host, &shelf.path("notes.txt"));
    peer.says(
        "announced-size-only",
        "In `put`, send exactly the announced number of bytes. The server takes every further byte for the next request.",
    );
    peer.expect(&put("notes.txt", b"hello, world"));
    shelf.add("notes.txt", b"hello, world, and more");
    peer.send(b"GO\n").expect(b"hello, world").expect_silence();
    peer.send(b"OK\n");
    client.expect_line("Stored: notes.txt (12 bytes)").expect_exit(0);
}

#[test]
fn put_reports_a_file_that_shrinks() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let mut host = lab.scripted_server("host");
    let (mut client, mut peer) = put_to(&lab, &mut host, &shelf.path("notes.txt"));
    peer.says(
        "request-line-of-put",
        "In `put`, send `/put SIZE SHA256 NAME`, with the size and digest of the file.",
    );
    peer.expect(&put("notes.txt", b"hello, world"));
    shelf.add("notes.txt", b"hello");
    peer.says("send-after-go", "In `put`, send the file from its beginning after GO.");
    peer.send(b"GO\n").expect(b"hello").half_close();
    client
        .says(
            "shrunk-file-is-an-error",
            "In `put`, return `ClientError::Shrank` when fewer bytes went than announced. The server waits for the rest, and would never send OK.",
        )
        .expect_error(&["cannot put", "notes.txt", "shrank"]);
}

#[test]
fn put_shows_its_progress_on_a_terminal() {
    let lab = subject!("07").with_variable("TERM", "xterm");
    let Some(lab) = lab.on_terminal() else {
        return subject!("07").skip("this system has no terminal to give");
    };
    let shelf = Shelf::new(&lab);
    shelf.add_sparse("large.bin", 3_000_000);
    let mut host = lab.scripted_server("host").with_small_buffers();
    let (mut client, mut peer) = put_to(&lab, &mut host, &shelf.path("large.bin"));
    peer.line();
    peer.send(b"GO\n").pass_on(2_000_000, &mut std::io::sink());
    client.wait_until_idle();
    peer.pass_on(1_000_000, &mut std::io::sink()).send(b"OK\n");
    let screen = client.expect_exit(0).stderr;
    client.check(
        ["2.86 MiB", "3.00 MB", "3000000"].iter().any(|size| screen.contains(size)),
        &format!("On a terminal, `put` wrote {screen:?} to stderr."),
        "bar-for-put",
        "In `put`, make a `progress::bar` and call its `inc` from the `progress` of `copy::send`.",
    );
}

#[test]
fn put_stores_under_another_name_if_told_so() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    shelf.add("../large.bin", &bytes(3_000_001));
    let server = shelf.serve(&lab, &["--writable"]);
    let (path, address) = (text(&shelf.path("../large.bin")), server.address().to_string());
    let mut client = lab.run(["put", "--connect", &address, &path, "--as", "docs/a copy"]);
    client
        .says(
            "put-from-the-beginning",
            "In `put`, send `name` in the request. Rewind the file after you have hashed it, then send it.",
        )
        .expect_line("Stored: docs/a copy (3000001 bytes)")
        .expect_exit(0);
    let stored = content(&shelf.path("docs/a copy")) == bytes(3_000_001);
    server.check(
        stored,
        "The stored file differs from the sent one.",
        "rewind-before-sending",
        "In `put`, rewind the file before `copy::send`. `Digest::of` has read it to its end.",
    );
}

const ONLY_OK_MEANS_STORED: (&str, &str) = (
    "only-ok-means-stored",
    "In `put`, succeed only after the line `OK`. A successful write means that your kernel has the bytes.",
);

const STOP_WITHOUT_GO: (&str, &str) = (
    "stop-without-go",
    "In `put`, stop at any answer other than `GO`, and report it. The server does not take the file.",
);

#[test]
fn put_believes_nothing_but_ok() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let path = shelf.path("notes.txt");
    let stories: [(&[u8], &[u8], &str); 5] = [
        (b"ERROR read only\n", b"", "the server reports: read only"),
        (b"STOP\n", b"", "where GO was expected"),
        (b"GO\n", b"ERROR wrong sum\n", "the server reports: wrong sum"),
        (b"GO\n", b"KO\n", "where OK was expected"),
        (b"GO\n", b"", "closed the connection without an answer"),
    ];
    for (first, second, words) in stories {
        let mut host = lab.scripted_server("host");
        let (mut client, mut peer) = put_to(&lab, &mut host, &path);
        peer.says(
            "request-line-of-put",
            "In `put`, send `/put SIZE SHA256 NAME`, with the size and digest of the file.",
        );
        peer.expect(&put("notes.txt", b"hello, world")).send(first);
        if first == b"GO\n" {
            peer.says(
                "wait-for-go",
                "In `put`, send the request line, wait for GO, then send the file from its beginning (`rewind`).",
            );
            peer.expect(b"hello, world").send(second);
        }
        peer.half_close();
        let (id, think) = if first == b"GO\n" { ONLY_OK_MEANS_STORED } else { STOP_WITHOUT_GO };
        client.says(id, think).expect_error(&["cannot put", "notes.txt", words]);
    }
}

#[test]
#[cfg(unix)] // Other systems may discard received bytes after a reset.
fn put_tells_why_the_server_hung_up() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    shelf.add_sparse("large", 16 << 20);
    let mut host = lab.scripted_server("host").with_small_buffers();
    let (mut client, mut peer) = put_to(&lab, &mut host, &shelf.path("large"));
    peer.says("send-after-go", "In `put`, send the file from its beginning after GO.");
    peer.line();
    peer.send(b"GO\n");
    // The client is in the middle of the file. Closing with unread bytes sends RST, so its write fails.
    peer.pass_on(1 << 20, &mut std::io::sink());
    peer.send(b"ERROR cannot store the file\n");
    client.wait_until_idle();
    drop(peer);
    client
        .says("read-last-words", "In `put`, when a write fails, call `read_answer`. The server may have sent its reason before it closed.")
        .expect_error(&["the server reports: cannot store the file"]);
}
