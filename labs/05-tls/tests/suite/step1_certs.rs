//! Step certs: a small certificate authority.

use std::fs;
use std::path::Path;
use testkit::{Subject, subject};
use testkit_tls::{Identity, InMemoryHandshake};

const DAY: i64 = 24 * 60 * 60;

/// Runs `certs --out FOLDER ARGS` to its good end.
fn certs(lab: &Subject, folder: &Path, args: &[&str]) {
    let out = folder.to_string_lossy();
    lab.run(["certs", "--out", &out].into_iter().chain(args.iter().copied())).expect_exit(0);
}

/// What a rehearsal that failed says.
fn why(outcome: &Result<(), String>) -> &str {
    outcome.as_ref().err().map_or("", String::as_str)
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_default()
}

#[test]
fn the_server_is_believed_for_each_of_its_names() {
    let lab = subject!("05");
    let folder = lab.folder();
    certs(&lab, folder.path(), &["--name", "localhost", "--name", "box.test"]);
    let (ca, server) = (read(folder.path(), "ca.pem"), Identity::read(folder.path(), "server"));
    for name in ["localhost", "box.test", "127.0.0.1", "::1"] {
        let outcome =
            InMemoryHandshake { ca: &ca, server: &server, name, client: None, later: 0 }.run();
        lab.check(
            outcome.is_ok(),
            &format!("A client that dials {name} does not believe server.pem: {}.", why(&outcome)),
            "names-clients-dial-stand", "the names that clients dial stand in subjectAltName; the certificate is CA:FALSE, and signed by the CA",
        );
    }
}

#[test]
fn the_client_is_believed_as_a_client_only() {
    let lab = subject!("05");
    let folder = lab.folder();
    certs(&lab, folder.path(), &[]);
    let ca = read(folder.path(), "ca.pem");
    let [server, client] = ["server", "client"].map(|name| Identity::read(folder.path(), name));
    let try_as = |server: &Identity, name: &str| {
        InMemoryHandshake { ca: &ca, server, name, client: Some(&client), later: 0 }.run()
    };
    let outcome = try_as(&server, "localhost");
    lab.check(
        outcome.is_ok(),
        &format!("A server does not believe client.pem: {}.", why(&outcome)),
        "client-certificate-client",
        "a client's certificate is for client authentication (extended key usage)",
    );
    lab.check(
        try_as(&client, "client").is_err(),
        "With client.pem somebody can pass for a server.",
        "certificate-says-client-use",
        "each certificate says what it is for: a client's is of no use to a server",
    );
}

#[test]
fn they_are_valid_from_five_minutes_ago_for_as_long_as_asked() {
    let lab = subject!("05");
    let folder = lab.folder();
    certs(&lab, folder.path(), &["--days", "3"]);
    let (ca, server) = (read(folder.path(), "ca.pem"), Identity::read(folder.path(), "server"));
    let times = [
        ("whose clock is an hour slow", -60 * 60, false),
        ("whose clock is 4 minutes slow", -4 * 60, true),
        ("that comes a minute before 3 days are over", 3 * DAY - 60, true),
        ("that comes a minute after 3 days", 3 * DAY + 60, false),
    ];
    for (client, later, valid) in times {
        let outcome =
            InMemoryHandshake { ca: &ca, server: &server, name: "localhost", client: None, later }
                .run();
        let does = match &outcome {
            Ok(()) => "believes server.pem".to_owned(),
            Err(why) => format!("does not believe server.pem: {why}"),
        };
        lab.check(
            outcome.is_ok() == valid,
            &format!("With --days 3, a client {client} {does}."),
            "valid-clock-skew-ago",
            "valid from CLOCK_SKEW ago (clocks differ), for that many days from now",
        );
    }
}

#[test]
fn force_replaces_all_and_keys_are_for_their_owners_only() {
    let lab = subject!("05");
    let folder = lab.folder();
    for name in ["ca.key", "server.key", "client.key"] {
        fs::write(folder.path().join(name), "a key that all could read").expect("a folder of ours");
    }
    certs(&lab, folder.path(), &["--force"]);
    let (ca, server) = (read(folder.path(), "ca.pem"), Identity::read(folder.path(), "server"));
    let outcome =
        InMemoryHandshake { ca: &ca, server: &server, name: "localhost", client: None, later: 0 }
            .run();
    let count = fs::read_dir(folder.path()).map_or(0, Iterator::count);
    lab.check(
        outcome.is_ok(),
        &format!("After --force, a client does not believe server.pem: {}.", why(&outcome)),
        "six-new-belong-together",
        "all six are new, and they belong together",
    );
    lab.check(
        count == 6,
        &format!("After --force there are {count} files where 6 were due."),
        "file-replaced-renaming-another",
        "a file is replaced by renaming another over it: nothing else is left behind",
    );
    for name in ["ca.key", "server.key", "client.key"] {
        let Some(mode) = mode(&folder.path().join(name)) else {
            return lab.skip("this system has no modes");
        };
        lab.check(
            mode == 0o600,
            &format!("{name} has mode {mode:04o} where 0600 was due."),
            "reads-key-owner-file", "whoever reads a key is its owner from then on; a file that is written over keeps its mode",
        );
    }
}

#[cfg(unix)]
fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    Some(fs::metadata(path).map_or(0, |found| found.permissions().mode() & 0o777))
}

#[cfg(not(unix))]
fn mode(_path: &Path) -> Option<u32> {
    None
}

#[test]
fn files_that_are_there_are_kept() {
    let lab = subject!("05");
    let folder = lab.folder();
    let last = folder.path().join("client.key");
    fs::write(&last, "mine").expect("a folder of ours");
    let out = folder.path().to_string_lossy();
    lab.run(["certs", "--out", &out])
        .says(
            "look-six-write-first",
            "look at all six before you write the first: a lost key cannot be made again",
        )
        .expect_error(&["client.key exists (--force replaces it)"]);
    let count = fs::read_dir(folder.path()).map_or(0, Iterator::count);
    lab.check(
        count == 1 && read(folder.path(), "client.key") == "mine",
        &format!("There was one file that must be kept; now there are {count}."),
        "half-set-use-look",
        "half a set is of no use: look at all six before you write the first",
    );
}

#[test]
fn what_no_certificate_can_hold_is_an_error() {
    let lab = subject!("05");
    let folder = lab.folder();
    let out = folder.path().to_string_lossy();
    for wrong in [["--name", "b\u{fc}ro.test"], ["--days", "4294967295"]] {
        lab.run(["certs", "--out", &out].into_iter().chain(wrong))
            .says(
                "user-typed-wrong-fileerror",
                "what the user typed can be wrong: that is FileError::Impossible, not a panic",
            )
            .expect_error(&["cannot make certificates"]);
    }
}
