//! A file that the user named for a result.

use std::fs::{self, OpenOptions};

use lab::result_file::ResultFile;
use tempfile::{TempDir, tempdir};

fn folder() -> TempDir {
    tempdir().expect("a scratch folder")
}

/// The names of the files in `folder`.
fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).expect("it is there").flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn nothing_changes_before_it_is_written() {
    let folder = folder();
    let page = folder.path().join("page.html");
    let new = ResultFile::at(&page).expect("a folder");
    assert_eq!(names(&folder), [""; 0]);
    new.write(b"one").expect("written");
    let again = ResultFile::at(&page).expect("a file");
    assert_eq!(fs::read(&page).expect("it is there"), b"one");
    again.write(b"two").expect("written");
    assert_eq!(fs::read(&page).expect("it is there"), b"two");
    assert_eq!(names(&folder), ["page.html"]);
}

#[test]
fn a_folder_that_does_not_exist_is_refused_and_not_made() {
    let folder = folder();
    let wrong = folder.path().join("typing-error/page.html");
    let error = ResultFile::at(&wrong).expect_err("no folder").to_string();
    let wanted = format!("error: cannot write {}: ", wrong.display());
    let why = error.strip_prefix(&wanted).unwrap_or_else(|| panic!("{error}"));
    assert!(!why.contains(".tmp"), "{error}");
    assert_eq!(names(&folder), [""; 0]);
}

#[test]
fn a_folder_in_its_place_is_refused() {
    let folder = folder();
    ResultFile::at(folder.path()).expect_err("it is a folder");
    assert_eq!(names(&folder), [""; 0]);
}

/// A user whom permissions do not concern may write it.
#[test]
fn a_file_that_is_read_only_is_refused() {
    let folder = folder();
    let page = folder.path().join("page.html");
    fs::write(&page, "one").expect("written");
    let mut permissions = fs::metadata(&page).expect("it is there").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&page, permissions).expect("changed");
    let is_writable = OpenOptions::new().append(true).open(&page).is_ok();
    assert_eq!(ResultFile::at(&page).is_ok(), is_writable);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::io::Read;
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
    use std::path::Path;
    use std::process::Command;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("it is there").permissions().mode()
    }

    #[test]
    fn a_new_file_has_the_usual_permissions_and_an_old_one_keeps_its_own() {
        let folder = folder();
        let [usual, page] = ["usual", "page.html"].map(|name| folder.path().join(name));
        fs::write(&usual, "").expect("written");
        ResultFile::at(&page).and_then(|file| file.write(b"one")).expect("written");
        assert_eq!(mode(&page), mode(&usual));
        fs::set_permissions(&page, PermissionsExt::from_mode(0o640)).expect("changed");
        ResultFile::at(&page).and_then(|file| file.write(b"two")).expect("written");
        assert_eq!(mode(&page) & 0o777, 0o640);
    }

    #[test]
    fn a_link_stays_and_its_file_is_written() {
        let folder = folder();
        let [page, link] = ["page.html", "link"].map(|name| folder.path().join(name));
        fs::write(&page, "one").expect("written");
        symlink("page.html", &link).expect("linked");
        ResultFile::at(&link).and_then(|file| file.write(b"two")).expect("written");
        assert!(link.is_symlink());
        assert_eq!(fs::read(&page).expect("it is there"), b"two");
    }

    /// As `/dev/stdout` is one.
    #[test]
    fn a_pipe_is_written_and_not_replaced() {
        let folder = folder();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("it starts").success());
        // With both ends in one hand, no open(2) waits for the other (fifo(7)).
        let mut ends = OpenOptions::new().read(true).write(true).open(&pipe).expect("a pipe");
        ResultFile::at(&pipe).and_then(|file| file.write(b"one")).expect("written");
        assert!(fs::metadata(&pipe).expect("it is there").file_type().is_fifo());
        let mut received = [0; 3];
        ends.read_exact(&mut received).expect("written before");
        assert_eq!(&received, b"one");
    }
}
