//! Properties that only the system calls show. These tests run the program under strace(1).

use std::fs;
use std::process::{Command, Stdio};
use testkit::{Subject, TempDir, subject};

/// The system calls of `certs --out FOLDER ARGS`, one a line, of those in `calls`; `None` where
/// strace is missing, or must not trace.
fn traced_certs(lab: Subject, folder: &TempDir, calls: &str, args: &[&str]) -> Option<String> {
    let works = Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !works {
        lab.skip("strace is missing, or must not trace");
        return None;
    }
    let elsewhere = lab.folder();
    let file = elsewhere.path().join("trace");
    let (trace, out) = (file.to_string_lossy(), folder.path().to_string_lossy());
    let filter = format!("trace={calls}");
    let lab = lab.with_prefix(&["strace", "-f", "-s", "4096", "-o", &trace, "-e", &filter]);
    lab.run(["certs", "--out", &out].into_iter().chain(args.iter().copied())).expect_exit(0);
    Some(fs::read_to_string(&file).unwrap_or_default())
}

/// Whether this call creates a file for a key, under its own name or a temporary one.
fn creates_a_key(folder: &TempDir, call: &str) -> bool {
    call.contains("O_CREAT") && call.contains(&*folder.path().to_string_lossy())
}

#[test]
fn a_key_has_its_mode_from_the_first_moment() {
    let lab = subject!("05");
    let folder = lab.folder();
    // strace ignores the calls with a question mark where the system has none of this name.
    let calls = "?open,openat,?creat,umask";
    let Some(trace) = traced_certs(subject!("05"), &folder, calls, &[]) else { return };
    let created: Vec<&str> = trace.lines().filter(|call| creates_a_key(&folder, call)).collect();
    // Certificates may have any mode. A program may also set its umask first.
    let has_umask = ["umask(077)", "umask(0177)"].iter().any(|call| trace.contains(call));
    let private = created.iter().filter(|call| has_umask || call.contains(", 0600")).count();
    lab.check(
        private >= 3,
        &format!("{private} files were created with mode 0600; expected: 3 or more:\n{}", created.join("\n")),
        "give-the-mode-to-open",
        "In `create`, set `OpenOptionsExt::mode` before `open`. Before a later chmod, another user can open the key.",
    );
}

#[test]
fn force_removes_no_file_that_it_replaces() {
    let lab = subject!("05");
    let folder = lab.folder();
    let out = folder.path().to_string_lossy();
    lab.run(["certs", "--out", &out]).expect_exit(0);
    let calls = "?unlink,unlinkat";
    let Some(trace) = traced_certs(subject!("05"), &folder, calls, &["--force"]) else { return };
    for name in ["ca.pem", "ca.key", "server.pem", "server.key", "client.pem", "client.key"] {
        let path = format!("{}\"", folder.path().join(name).display());
        let removal = trace.lines().find(|call| call.contains(&path) && !call.contains("ENOENT"));
        lab.check(
            removal.is_none(),
            &format!("For a moment there was no {name}: {}", removal.unwrap_or_default()),
            "replace-in-one-step",
            "In `replace_all`, do not remove the old file. `fs::rename` replaces it in one step, so a reader always finds a file.",
        );
    }
}
