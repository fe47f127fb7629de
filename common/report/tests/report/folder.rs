//! A folder of a test on its way through a report.

use report::folder::{Entry, Folder};
use std::fs;
use std::path::{Path, PathBuf};

/// An empty folder of this process.
fn empty(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("wirelab-folder-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir(&path).expect("made");
    path
}

fn made(name: &str) -> PathBuf {
    let path = empty(name);
    fs::create_dir_all(path.join("shared/inner")).expect("made");
    fs::write(path.join("shared/notes.txt"), b"hello\0").expect("written");
    path
}

#[test]
fn a_folder_that_was_removed_is_made_again() {
    let from = made("from");
    let folder = Folder::read(&from, 6);
    fs::remove_dir_all(&from).expect("removed");
    let text = serde_json::to_string(&folder).expect("it is JSON");
    let read: Folder = serde_json::from_str(&text).expect("the same");
    assert_eq!(read, folder);

    let to = empty("to");
    read.write(&to).expect("written");
    assert_eq!(fs::read(to.join("shared/notes.txt")).expect("there"), b"hello\0");
    assert!(to.join("shared/inner").is_dir());
    fs::remove_dir_all(to).expect("removed");
}

#[test]
fn a_folder_with_too_many_bytes_or_a_link_is_not_whole() {
    let path = made("odd");
    assert_eq!(Folder::read(&path, 5).entries, None);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("notes.txt", path.join("shared/link")).expect("made");
        assert_eq!(Folder::read(&path, 6).entries, None);
    }
    fs::remove_dir_all(path).expect("removed");
}

#[test]
fn no_entry_is_written_outside_of_the_folder() {
    let to = empty("outside");
    for path in ["../evil", "/tmp/evil"] {
        let entry = Entry { path: path.into(), content: Some(Vec::new()) };
        let folder = Folder { path: to.clone(), entries: Some(vec![entry]) };
        assert!(folder.write(&to).is_err(), "{path}");
    }
    assert!(!Path::new(&to).with_file_name("evil").exists());
    fs::remove_dir_all(to).expect("removed");
}
