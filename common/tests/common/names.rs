//! Names of files in a shared folder.

use common::names::{Name, Root};
use std::fs;
use std::path::PathBuf;

/// A folder of this test's own, with a file in a folder that is shared, and a secret beside it.
fn folder(test: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("common-names-{test}-{}", std::process::id()));
    fs::create_dir_all(folder.join("shared/docs")).expect("the system's folder can be written");
    fs::write(folder.join("shared/docs/plan.txt"), b"plan").expect("the folder is ours");
    fs::write(folder.join("secret.txt"), b"secret").expect("the folder is ours");
    folder
}

#[test]
fn a_name_is_plain_parts() {
    for text in ["notes.txt", "docs/plan.txt", "a b", "...", "..a", ".hidden"] {
        assert_eq!(Name::parse(text).map(|name| name.to_string()), Ok(text.to_owned()));
    }
    for text in ["", "/", "/etc", "..", "a/../b", "./a", "a//b", "a/", "a\\b", "a\nb", "a\0"] {
        assert!(Name::parse(text).is_err(), "{text:?} was taken");
    }
}

#[test]
fn only_regular_files_inside_are_opened() {
    let folder = folder("open");
    let root = Root::open(&folder.join("shared")).expect("it is a folder");
    let open = |text: &str| root.open_file(&Name::parse(text).expect("a plain name"));
    assert!(open("docs/plan.txt").is_ok());
    assert!(open("docs").is_err());
    assert!(open("nothing").is_err());
    #[cfg(unix)]
    {
        let link = |target: &str, name: &str| {
            std::os::unix::fs::symlink(target, folder.join("shared").join(name)).expect("ours");
        };
        link("../secret.txt", "out");
        link("docs/plan.txt", "inside");
        assert!(open("out").is_err());
        assert!(open("inside").is_ok());
    }
    assert!(Root::open(&folder.join("secret.txt")).is_err());
    fs::remove_dir_all(folder).expect("the folder is ours");
}
