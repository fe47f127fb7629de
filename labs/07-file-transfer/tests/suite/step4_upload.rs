//! Step upload: a file appears whole, or not at all.

mod answers;
mod client;
mod names;

use self::answers::{GO_BYTES_OK, advice_without_go, advice_without_ok, expect_answer};
use super::shelf::{NO_SUCH_FILE, Shelf, bytes, content, expect_file, names_in, put, sum, text};
use testkit::{Deadline, poll_until, show_all, subject};

const HELLO: &[u8] = b"hello, upload";

/// How the name of an upload's temporary file begins.
const UPLOAD_PREFIX: &str = ".lab07-upload-";

#[test]
fn an_upload_is_stored() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--writable"]);
    let mut peer = server.connect("peer");
    for (name, bytes) in [("new.txt", HELLO), ("docs/large", &bytes(300_003)), ("empty", b"")] {
        peer.says(GO_BYTES_OK.0, GO_BYTES_OK.1)
            .says_if_closed("look-at-the-log", "Look at the last error in the log. In `upload::receive` and `destination`, no error of the file system may become `Broken` (`?`).")
            .send(&put(name, bytes));
        expect_answer(&mut peer, "GO", advice_without_go);
        peer.says(GO_BYTES_OK.0, GO_BYTES_OK.1)
            .says_if_closed(
                "read-the-upload-back",
                "Look at the last error in the log. `Digest::of` reads the file back, so open the temporary file for reading, too (`tempfile_in`).",
            )
            .send(bytes);
        expect_answer(&mut peer, "OK", advice_without_ok);
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
    peer.says(
        "replace-an-old-file",
        "In `destination`, accept the name of a regular file. In `publish`, replace that file (`persist`). An upload may be a new version.",
    );
    peer.send(&put("new.txt", b"newer")).expect(b"GO\n").send(b"newer").expect(b"OK\n");
    expect_file(&mut peer, "new.txt", b"newer");
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

const ANSWER_A_FAILED_PUBLISH: &str = "In `upload::receive`, return `Refused` with `CANNOT_STORE` when `publish` fails. Here the upload cannot get its name.";

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
    peer.says("answer-a-failed-publish", ANSWER_A_FAILED_PUBLISH);
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
#[cfg(unix)] // Other systems may not remove an open file.
fn a_file_that_is_replaced_is_never_missing() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--writable"]);
    let mut peer = server.connect("peer");
    peer.send(&put("notes.txt", HELLO)).expect(b"GO\n").send(&HELLO[..5]).wait_until_read();
    server.wait_until_idle();
    // Without its temporary file, the upload cannot get its name.
    for name in shelf.names().iter().filter(|name| name.starts_with(UPLOAD_PREFIX)) {
        let _ = std::fs::remove_file(shelf.path(name));
    }
    peer.says("answer-a-failed-publish", ANSWER_A_FAILED_PUBLISH).send(&HELLO[5..]).line();
    server.check(
        shelf.path("notes.txt").exists(),
        "The temporary file could not be renamed, and the old file is gone.",
        "replace-in-one-step",
        "In `publish`, do not remove the old file before `persist`. rename(2) replaces it in one step, so no reader finds the name missing.",
    );
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
    peer.says(
        "compare-sum-of-no-byte",
        "In `upload::receive`, compare the digest also when the size is 0. An empty file has a sum, too.",
    )
    .says_if_closed(
        "wrong-sum-is-refused",
        "In `upload::receive`, return `Refused` with `WRONG_SUM`, and not `Fatal`. All bytes were read, so the next request can follow.",
    );
    let empty = format!("/put 0 {} empty\n", sum(HELLO));
    peer.send(empty.as_bytes()).expect(b"GO\nERROR wrong sum\n");
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
        "half-upload-is-fatal",
        "In `upload::receive`, call `copy::receive`, and return `Fatal(CUT_SHORT)` if it returns less than `size`.",
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
    let large = vec![0; 8 << 20];
    let mut peer = server.connect("peer");
    peer.send(&put("large", &large)).expect(b"GO\n");
    let Some(before) = server.resources() else {
        return server.skip("no /proc to see memory in");
    };
    peer.send(&large).expect(b"OK\n");
    let after = server.resources().map_or(usize::MAX, |now| now.peak_memory);
    let used = after.saturating_sub(before.peak_memory);
    server.check(
        used < 4 << 20,
        &format!("The server used {} KiB of memory to store 8 MiB.", used >> 10),
        "small-buffer",
        "Move a file through a small buffer, piece by piece, in `copy` and `Digest::of`. Never hold all of it in memory.",
    );
}

#[test]
#[cfg(unix)]
fn a_stored_file_may_be_read_by_whom_the_system_says() {
    use std::os::unix::fs::MetadataExt;
    // A group that works together: its members may write, and other users may do nothing.
    let lab = subject!("07").with_prefix(&["sh", "-c", "umask 007; exec \"$@\"", "sh"]);
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--writable"]);
    server.connect("peer").send(&put("new.txt", HELLO)).expect(b"GO\n").send(HELLO).expect(b"OK\n");
    let mode = std::fs::metadata(shelf.path("new.txt")).map_or(0, |file| file.mode() & 0o777);
    server.check(
        mode == 0o660,
        &format!("The umask is 007, and the stored file has mode {mode:o}; an ordinary new one has 660."),
        "ordinary-file-mode",
        "Create the temporary file with mode 0666, from which the system takes the umask. `tempfile` uses 0600, so that only its owner may read it.",
    );
}
