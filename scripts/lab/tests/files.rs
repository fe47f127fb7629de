//! Folders made equal, and fingerprints.

use std::fs;

#[cfg(unix)]
use lab::files::files_under;
use lab::files::{content_fingerprint, is_same_text, mirror, write_whole};

#[test]
fn a_mirror_writes_only_what_differs() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    for name in ["same", "inside/changed"] {
        write_whole(&from.join(name), b"one").expect("written");
    }
    mirror(&from, &to).expect("mirrored");
    let time =
        |name: &str| fs::metadata(to.join(name)).and_then(|file| file.modified()).expect("there");
    let before = time("same");
    write_whole(&from.join("inside/changed"), b"two").expect("written");
    write_whole(&to.join("inside/extra"), b"").expect("written");

    mirror(&from, &to).expect("mirrored");
    assert_eq!(time("same"), before);
    assert_eq!(fs::read(to.join("inside/changed")).expect("there"), b"two");
    assert!(!to.join("inside/extra").exists());
}

#[test]
fn a_fingerprint_sees_content_and_names_but_not_times() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let file = folder.path().join("main.rs");
    write_whole(&file, b"one").expect("written");
    let before = content_fingerprint(&[folder.path().to_owned()]);

    write_whole(&file, b"one").expect("written");
    assert_eq!(content_fingerprint(&[folder.path().to_owned()]), before);
    write_whole(&file, b"two").expect("written");
    assert_ne!(content_fingerprint(&[folder.path().to_owned()]), before);
}

#[test]
fn texts_are_the_same_whatever_ends_their_lines() {
    assert!(is_same_text(b"one\r\ntwo\n", b"one\ntwo\r\n"));
    assert!(!is_same_text(b"one\rtwo", b"onetwo"));
    assert!(!is_same_text(b"one\n", b"one"));
}

#[test]
#[cfg(unix)]
fn files_behind_a_link_to_a_folder_are_listed() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let root = folder.path().join("root");
    write_whole(&root.join("file"), b"").expect("written");
    write_whole(&folder.path().join("other/inside"), b"").expect("written");
    std::os::unix::fs::symlink(folder.path().join("other"), root.join("link")).expect("linked");
    // As an editor keeps it beside a file that is open.
    std::os::unix::fs::symlink("ada@laptop.42", root.join(".#file")).expect("linked");
    assert_eq!(files_under(&root), [root.join("file"), root.join("link/inside")]);
}
