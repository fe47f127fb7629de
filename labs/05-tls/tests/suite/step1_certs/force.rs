//! Files that are replaced (`--force`), and what a failure or a crash leaves.

use super::{CERTIFICATES, KEYS, certs, mode, read, symlink};
use std::fs;
use std::path::Path;
use testkit::subject;

const REMOVE_LEFTOVERS: (&str, &str) = (
    "remove-leftovers",
    "In `replace_all`, call `fs::remove_file` for each temporary file before you `create` it, and ignore `NotFound`. It may be left of an earlier run, and also be a link to a missing file, for which `Path::exists` reports false.",
);

const BESIDE: (&str, &str) = (
    "create-beside-the-old-file",
    "In `replace_all`, `create` each new file in the folder of the old one. `fs::rename` fails between two file systems.",
);

const LEAVE_NO_LEFTOVER: (&str, &str) = (
    "leave-no-leftover",
    "In `replace_all`, give a temporary file the same name in each run, and remove the old one first. Otherwise keys stay behind.",
);

/// Writes `text` as each of the six files in `folder`, open to all users.
fn write_all(folder: &Path, text: &str) {
    for name in KEYS.iter().chain(&CERTIFICATES) {
        fs::write(folder.join(name), text).expect("the test's own folder can be written");
    }
}

#[test]
fn force_replaces_all_and_keys_are_for_their_owners_only() {
    let lab = subject!("05");
    let (folder, other) = (lab.folder(), lab.folder());
    let old = "an old key that every user could read";
    write_all(folder.path(), old);
    // A second name of the old file. It shows what happens to the file itself.
    let [name, second] = [&folder, &other].map(|folder| folder.path().join("server.key"));
    let has_links = fs::hard_link(name, second).is_ok();
    certs(&lab, folder.path(), &["--force"]);
    for name in KEYS {
        lab.check(
            read(folder.path(), name) != old,
            &format!("After --force, {name} is still the old one."),
            "replace-all-six",
            "In `replace_all`, replace all six files. A certificate and a key of two runs do not belong together.",
        );
    }
    let count = fs::read_dir(folder.path()).map_or(0, Iterator::count);
    lab.check(
        count == 6,
        &format!("After --force there are {count} files; expected: 6."),
        "leave-no-other-file",
        "In `replace_all`, rename each new file over the old one. No other file is left then.",
    );
    for name in KEYS {
        let Some(mode) = mode(&folder.path().join(name)) else { break };
        lab.check(
            mode == 0o600,
            &format!("{name} has mode {mode:04o}; expected: 0600."),
            "a-new-file-has-its-own-mode",
            "In `replace_all`, write no old file. `create` a new file beside it, and `fs::rename` that. A file that is written over keeps its old mode.",
        );
    }
    lab.check(
        !has_links || read(other.path(), "server.key") == old,
        "--force wrote into the old server.key, so for a moment it was empty or half a key.",
        "rename-over-the-old-file",
        "In `replace_all`, write the new file beside the old one, and `fs::rename` it. A server that reads meanwhile finds a whole file.",
    );
}

/// Before the program: no file can have more than 1,024 bytes (sh(1): units of 512), and a write
/// beyond that is an error.
const FULL: &str = "trap '' XFSZ; ulimit -f 2; exec \"$@\"";

/// The same, and a write beyond that kills the program (SIGXFSZ). A file that it creates without a
/// mode is open to all users (umask).
const KILLED: &str = "(umask 0; ulimit -c 0; ulimit -f 2; exec \"$@\"); exit 0";

/// Arguments for a server.pem of more than 1,024 bytes. The other files are shorter.
fn many_names() -> Vec<String> {
    let names = (0..40).map(|number| format!("server-number-{number}.example"));
    names.flat_map(|name| ["--name".to_owned(), name]).collect()
}

#[test]
fn force_keeps_all_old_files_if_one_cannot_be_written() {
    let lab = subject!("05");
    if !cfg!(unix) {
        return lab.skip("this system has no ulimit");
    }
    let folder = lab.folder();
    write_all(folder.path(), "old");
    let all = || KEYS.map(|name| (name, read(folder.path(), name)));
    let before = all();
    let (out, names) = (folder.path().to_string_lossy(), many_names());
    let args = ["certs", "--out", &out, "--force"].into_iter();
    let full = lab.with_prefix(&["sh", "-c", FULL, "sh"]);
    full.run_tool(args.chain(names.iter().map(String::as_str)))
        .says(
            "return-a-failed-write",
            "In `create`, return the error of `write_all` as `FileError::Io` with the file's path. Here server.pem does not fit (a full disk, a limit).",
        )
        .expect_error(&["cannot use", "server"]);
    let changed = before.into_iter().zip(all()).find(|(old, new)| old != new);
    full.check(
        changed.is_none(),
        &format!(
            "The new server.pem could not be written. {}",
            changed.as_ref().map_or(String::new(), |((name, _), (_, now))| what_changed(name, now))
        ),
        "write-all-then-rename",
        "In `replace_all`, `create` all new files beside the old ones, and only then rename the first. After an error, remove no old file.",
    );
}

fn what_changed(name: &str, now: &str) -> String {
    if now.is_empty() {
        format!("The old {name} is empty or gone.")
    } else {
        format!(
            "{name} was already replaced by a new one, which does not belong to the old server.pem."
        )
    }
}

#[test]
fn force_works_after_a_run_that_was_killed() {
    let lab = subject!("05");
    if !cfg!(unix) {
        return lab.skip("this system has no ulimit");
    }
    let (folder, elsewhere) = (lab.folder(), lab.folder());
    let (out, names) = (folder.path().to_string_lossy(), many_names());
    let args = ["certs", "--out", &out, "--force"];
    let lab = lab.with_variable("TMPDIR", &elsewhere.path().to_string_lossy());
    let killed = lab.with_prefix(&["sh", "-c", KILLED, "sh"]);
    killed.run_tool(args.into_iter().chain(names.iter().map(String::as_str))).expect_exit(0);
    let lab = killed.with_prefix(&[]);
    lab.check(
        !holds_pem(elsewhere.path()),
        "The program wrote its temporary files into the system's folder for them (TMPDIR).",
        BESIDE.0,
        BESIDE.1,
    );
    // Part of server.pem is left, as it was when the program was killed in its first write.
    for (name, mode) in modes(folder.path()) {
        lab.check(
            mode & !0o644 == 0,
            &format!("The umask was 0, and a run was killed while it wrote. It left {name} with mode {mode:04o}; expected: 0644 or less."),
            "give-the-mode-to-open",
            "In `create`, set `OpenOptionsExt::mode` before `open`. Before a later chmod, another user can read a key or change a certificate.",
        );
    }
    lab.run_tool(args).says(REMOVE_LEFTOVERS.0, REMOVE_LEFTOVERS.1).expect_exit(0);
    let count = fs::read_dir(folder.path()).map_or(0, Iterator::count);
    lab.check(
        count == 6,
        &format!("A run was killed, and the next one succeeded. Now there are {count} files; expected: 6."),
        LEAVE_NO_LEFTOVER.0,
        LEAVE_NO_LEFTOVER.1,
    );
}

#[test]
fn force_works_after_a_run_that_failed() {
    let lab = subject!("05");
    let (folder, elsewhere) = (lab.folder(), lab.folder());
    let out = folder.path().to_string_lossy();
    // No file can be renamed over a folder, so this run fails after most of its work.
    let obstacle = folder.path().join("client.key");
    fs::create_dir(&obstacle).expect("the test's own folder can be written");
    lab.run_tool(["certs", "--out", &out, "--force"])
        .says(
            "report-a-failed-rename",
            "In `replace_all`, return `FileError::Io` with the file's path when `fs::rename` fails. Here client.key is a folder.",
        )
        .expect_error(&["client.key"]);
    fs::remove_dir(&obstacle).expect("an empty folder can be removed");
    replace_leftovers_by_links(folder.path(), elsewhere.path());
    lab.run_tool(["certs", "--out", &out, "--force"])
        .says(REMOVE_LEFTOVERS.0, REMOVE_LEFTOVERS.1)
        .expect_exit(0);
    let count = fs::read_dir(folder.path()).map_or(0, Iterator::count);
    lab.check(
        count == 6,
        &format!(
            "After a run that failed and one that succeeded there are {count} files; expected: 6."
        ),
        LEAVE_NO_LEFTOVER.0,
        LEAVE_NO_LEFTOVER.1,
    );
    let count = fs::read_dir(elsewhere.path()).map_or(0, Iterator::count);
    lab.check(
        count == 0,
        "A link was in the place of a temporary file, and the key was written to the link's target.",
        "follow-no-leftover",
        "In `create`, use `create_new`, which follows no link. In `replace_all`, remove a temporary file of an earlier run before you `create` it.",
    );
}

/// Each file in `folder`, and its mode.
fn modes(folder: &Path) -> impl Iterator<Item = (String, u32)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        (name, mode(&entry.path()).unwrap_or_default())
    })
}

/// Whether a file in `folder` holds a certificate or a key.
fn holds_pem(folder: &Path) -> bool {
    let mut files = fs::read_dir(folder).into_iter().flatten().flatten();
    files.any(|file| fs::read_to_string(file.path()).is_ok_and(|text| text.contains("-----BEGIN")))
}

/// Replaces each file in `folder` whose name is none of the six by a link to a missing file in
/// `elsewhere`. Without symbolic links, the files stay.
fn replace_leftovers_by_links(folder: &Path, elsewhere: &Path) {
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let is_leftover = !KEYS.iter().chain(&CERTIFICATES).any(|name| path.ends_with(name));
        let target = elsewhere.join(path.file_name().unwrap_or_default());
        if is_leftover && fs::remove_file(&path).is_ok() && !symlink(&target, &path) {
            fs::write(&path, "left").expect("the test's own folder can be written");
        }
    }
}
