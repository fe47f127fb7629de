//! Properties that only the system calls show. These tests run the program under strace(1).

use std::fs;
use testkit::{Subject, TempDir, subject};
use testkit_tls::TestCa;

fn read(trace: &TempDir) -> String {
    fs::read_to_string(trace.path().join("trace")).unwrap_or_default()
}

/// The system calls of `certs --out FOLDER ARGS` that are in `calls`.
fn traced_certs(lab: Subject, folder: &TempDir, calls: &str, args: &[&str]) -> Option<String> {
    let out = folder.path().to_string_lossy();
    let (lab, trace) = lab.traced(calls)?;
    lab.run(["certs", "--out", &out].into_iter().chain(args.iter().copied())).expect_exit(0);
    Some(read(&trace))
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
        "In `create`, set `OpenOptionsExt::mode` before `open`. Before a later chmod, another user can read a key or change a certificate.",
    );
    let reuses = created.iter().find(|call| !call.contains("O_EXCL"));
    lab.check(
        reuses.is_none(),
        &format!("A file that exists would be written over: {}", reuses.unwrap_or(&"")),
        "create-new-files-only",
        "In `create`, use `create_new`. Another user may put a link there after `create_all` has looked.",
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

/// Whether this call of setsockopt(2) sets a timeout of zero. strace prints fields or bytes.
fn takes_a_timeout_away(call: &str) -> bool {
    let has_only_zeros = |bytes: &str| bytes.replace("\\0", "").is_empty();
    call.contains("tv_sec=0, tv_usec=0") || call.split('"').nth(1).is_some_and(has_only_zeros)
}

#[test]
fn a_write_has_no_timeout_after_the_handshake() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let Some((lab, trace)) = lab.traced("setsockopt") else { return };
    let server = lab.serve(["--certs", &test_ca.folder()]);
    server.connect("peer").start_tls(&test_ca.client()).send(b"hello\n").expect(b"Echo: hello\n");
    let trace = read(&trace);
    let last = trace.lines().rfind(|call| call.contains("SO_SNDTIMEO"));
    server.check(
        last.is_none_or(takes_a_timeout_away),
        &format!("After the handshake, a write has a timeout: {}", last.unwrap_or_default()),
        "lift-both-timeouts",
        "In `handshake`, call `until.lift()`, which removes the timeout of reads and that of writes. A client may read late.",
    );
}

#[test]
fn small_answers_leave_immediately() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let Some((lab, trace)) = lab.traced("setsockopt") else { return };
    let server = lab.serve(["--certs", &test_ca.folder()]);
    server.connect("peer").start_tls(&test_ca.client()).send(b"hello\n").expect(b"Echo: hello\n");
    server.check(
        read(&trace).contains("TCP_NODELAY, [1]"),
        "The server did not set TCP_NODELAY on the connection.",
        "set-tcp-nodelay",
        "Check `run` in `given/session.rs`. With Nagle's algorithm, the first answer waits 40 ms for the client's acknowledgement.",
    );
}
