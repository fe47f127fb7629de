//! Names that no upload may have.

use super::super::hostile;
use super::super::shelf::{NO_SUCH_FILE, Shelf, put};
#[cfg(unix)]
use super::super::shelf::{SECRET, content};
use super::HELLO;
use testkit::subject;

/// The advice for an upload to `name` that was answered by `answer`, and its id. The ladder has no
/// room for the whole line.
fn same_names(name: &[u8], answer: &str) -> (&'static str, String) {
    let is_plain = |part: &str| !["", ".", ".."].contains(&part);
    let is_legal = |text: &str| {
        text.split('/').all(is_plain) && !text.contains(|c: char| c == '\\' || c.is_control())
    };
    let (id, check) = match str::from_utf8(name) {
        _ if answer.starts_with("ERROR expected") => hostile::NAME_WITH_ALL_SPACES,
        Ok("docs") => (
            "no-upload-over-a-folder",
            "In `destination`, refuse a name that belongs to anything else than a regular file (`fs::symlink_metadata`). `docs` is a folder.",
        ),
        Ok(text) if is_legal(text) && text.starts_with("notes.txt/") => (
            "folder-is-a-folder",
            "In `destination`, check that the folder of the name is a folder (`is_dir`). `notes.txt` is a file.",
        ),
        Ok(text) if is_legal(text) => (
            "missing-folder-before-go",
            "In `destination`, refuse a name whose folder is missing, or whose parts are too long. An upload creates no folder.",
        ),
        Ok(_) => (
            "same-names-for-uploads",
            "In `destination` and `Name::parse`, refuse the name before GO, as for a download.",
        ),
        Err(_) => (
            "same-names-for-uploads",
            "In `Request::parse`, refuse bytes that are not UTF-8. Do not replace them.",
        ),
    };
    let start = &name[..name.len().min(60)];
    let rest = if start.len() < name.len() { "…" } else { "" };
    (id, format!("{check} Here the name is `{}{rest}`.", start.escape_ascii()))
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
        let (id, think) = same_names(&name, "");
        peer.says(id, &think).send(&[put_as, b" ", &name, b"\n"].concat());
        let answer = peer.line();
        let (id, think) = same_names(&name, &answer);
        peer.says(id, &think).check(
            answer == "ERROR no such file",
            &format!("The server answered {answer:?} where \"ERROR no such file\" was due."),
            "wanted \"ERROR no such file\"",
        );
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
            && content(&shelf.path("../secret.txt")) == SECRET,
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
