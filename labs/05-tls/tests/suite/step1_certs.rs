//! Step certs: a small certificate authority.

mod advice;
mod force;

use advice::{
    CREATE, CREATE_EACH, CREATE_THE_FOLDER, LOOK_AT_ALL, NAME_EACH, NAMES, PUBLIC, PURPOSE,
    REFUSE_EXISTING, SIGN,
};
use std::fs;
use std::path::Path;
use std::time::SystemTime;
use testkit::{Subject, subject};
use testkit_tls::{Identity, InMemoryHandshake, Statement};

const DAY: i64 = 24 * 60 * 60;
const KEYS: [&str; 3] = ["ca.key", "server.key", "client.key"];

const CERTIFICATES: [&str; 3] = ["ca.pem", "server.pem", "client.pem"];

/// Runs `certs --out FOLDER ARGS` in a folder that exists, and expects success.
fn certs(lab: &Subject, folder: &Path, args: &[&str]) {
    let out = folder.to_string_lossy();
    let mut run = lab.run_tool(["certs", "--out", &out].into_iter().chain(args.iter().copied()));
    let is_about_the_folder = run.expect_end().stderr.contains(&format!("cannot use {out}:"));
    let (id, think) = match is_about_the_folder {
        true => CREATE_THE_FOLDER,
        false if args.contains(&"--force") => NAME_EACH,
        false => CREATE_EACH,
    };
    run.says(id, think).expect_exit(0);
}

/// A handshake with `server`, `later` seconds from now, by a client that wants `name`.
fn handshake(
    folder: &Path,
    server: &str,
    name: &str,
    client: Option<&Identity>,
    later: i64,
) -> Result<(), String> {
    let (ca, server) = (read(folder, "ca.pem"), Identity::read(folder, server));
    InMemoryHandshake { ca: &ca, server: &server, name, client, later }.run()
}

fn why(outcome: &Result<(), String>) -> &str {
    outcome.as_ref().err().map_or("", String::as_str)
}

/// What a certificate states, as a sentence.
fn stated(folder: &Path, name: &str) -> String {
    let statement = Statement::read(&read(folder, name));
    statement.map_or(format!("{name} holds no certificate."), |it| format!("{name} states: {it}."))
}

fn listed(statement: &Statement) -> String {
    if statement.key_usages.is_empty() {
        "none".to_owned()
    } else {
        statement.key_usages.join(", ")
    }
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_default()
}

#[test]
fn server_and_client_are_believed_as_what_they_are_only() {
    let lab = subject!("05");
    let folder = lab.folder();
    certs(&lab, folder.path(), &["--name", "box.test", "--name", "second.test"]);
    for name in ["box.test", "second.test", "127.0.0.1", "::1"] {
        let outcome = handshake(folder.path(), "server", name, None, 0);
        let (id, think) = match why(&outcome) {
            why if why.contains("UnknownIssuer") || why.contains("BadSignature") => SIGN,
            why if why.contains("extended key usage") => PURPOSE,
            _ => NAMES,
        };
        lab.check(
            outcome.is_ok(),
            &format!(
                "A client that wants {name} refuses server.pem: {}. {} Expected: box.test, second.test, 127.0.0.1, ::1; CA:FALSE; serverAuth; issued by the CA in ca.pem.",
                why(&outcome),
                stated(folder.path(), "server.pem")
            ),
            id,
            think,
        );
    }
    for name in ["localhost", "client", "other.box.test"] {
        lab.check(
            handshake(folder.path(), "server", name, None, 0).is_err(),
            &format!(
                "With --name box.test --name second.test, server.pem is also for {name}. {}",
                stated(folder.path(), "server.pem")
            ),
            "no-names-of-your-own",
            "In `issue`, give `signed` the `names`, 127.0.0.1 and ::1, and no other name. `localhost` is only the default of --name.",
        );
    }
    the_client_is_believed(&lab, folder.path());
}

/// The client is believed as a client, for its one name.
fn the_client_is_believed(lab: &Subject, folder: &Path) {
    let client = Identity::read(folder, "client");
    let client_states = format!("{} Expected: CA:FALSE; clientAuth.", stated(folder, "client.pem"));
    let names = Statement::read(&client.certificate).unwrap_or_default().names;
    lab.check(
        names == ["client"],
        &format!("{client_states} Its name must be client."),
        "name-the-client-in-subject-alt-name",
        "In `issue`, give `CLIENT_NAME` to `signed` as the only name. The server takes a client's name from subjectAltName, and not from the common name.",
    );
    let outcome = handshake(folder, "server", "box.test", Some(&client), 0);
    lab.check(
        outcome.is_ok(),
        &format!("A server refuses client.pem: {}. {client_states}", why(&outcome)),
        "client-auth-for-the-client",
        "In `issue`, make the client's certificate with `ExtendedKeyUsagePurpose::ClientAuth`. A verifier refuses a certificate with another purpose.",
    );
    lab.check(
        handshake(folder, "client", "client", None, 0).is_err(),
        &format!("An attacker that has client.pem can pretend to be a server. {client_states}"),
        "one-purpose-for-each",
        "In `signed`, set `extended_key_usages` to the one purpose. A client's certificate must not serve for a server.",
    );
}

#[test]
fn each_certificate_states_whether_it_is_a_ca_and_has_its_own_key() {
    let lab = subject!("05");
    let folder = lab.folder();
    certs(&lab, folder.path(), &[]);
    let statement = |name| Statement::read(&read(folder.path(), name)).unwrap_or_default();
    let ca = statement("ca.pem");
    lab.check(
        ca.is_ca == Some(true)
            && ["keyCertSign", "cRLSign"].iter().all(|usage| ca.key_usages.contains(usage)),
        &format!(
            "{} Its key usages: {}. Expected: CA:TRUE, keyCertSign, cRLSign.",
            stated(folder.path(), "ca.pem"),
            listed(&ca)
        ),
        "ca-true-for-the-ca",
        "In `authority`, set `is_ca` and `key_usages` before `self_signed`. A strict verifier trusts a CA only if its certificate states both.",
    );
    for name in ["server.pem", "client.pem"] {
        let signed = statement(name);
        let text = stated(folder.path(), name);
        lab.check(
            signed.is_ca == Some(false),
            &format!("{text} Expected: CA:FALSE."),
            "state-basic-constraints",
            "In `signed`, set `IsCa::ExplicitNoCa`. A certificate without basic constraints leaves open whether it is a CA.",
        );
        lab.check(
            signed.names_issuer_key,
            &format!("{text} It has no authority key identifier."),
            "name-the-issuers-key",
            "In `signed`, set `use_authority_key_identifier_extension`. Strict verifiers want to know which of the issuer's keys signed.",
        );
        lab.check(
            signed.key_usages == ["digitalSignature"],
            &format!("{text} Its key usages: {}. Expected: digitalSignature.", listed(&signed)),
            "sign-handshakes-only",
            "In `signed`, set `key_usages` to `DigitalSignature` only. TLS needs no other use of this key.",
        );
    }
    have_their_own_keys(&lab, folder.path());
    have_modes(&lab, folder.path());
}

fn have_their_own_keys(lab: &Subject, folder: &Path) {
    let [ca, server, client] = KEYS.map(|name| read(folder, name));
    lab.check(
        ca != server && ca != client && server != client,
        "Two of the three key files hold the same key.",
        "generate-a-key-for-each",
        "Call `KeyPair::generate` for each certificate. A server that has the CA's key can sign certificates.",
    );
}

/// Each key has mode 0600, and each certificate the mode 0644 less what the umask takes away.
fn have_modes(lab: &Subject, folder: &Path) {
    let Some(public) = mode_of_a_public_file(lab) else { return };
    let expected = KEYS.map(|name| (name, 0o600, CREATE)).into_iter();
    for (name, wanted, (id, think)) in
        expected.chain(CERTIFICATES.map(|name| (name, public, PUBLIC)))
    {
        let mode = mode(&folder.join(name)).unwrap_or_default();
        lab.check(
            mode == wanted,
            &format!("{name} has mode {mode:04o}; expected: {wanted:04o}."),
            id,
            think,
        );
    }
}

/// The mode of a file that this test creates with 0644. `None`: this system has no modes.
fn mode_of_a_public_file(lab: &Subject) -> Option<u32> {
    let elsewhere = lab.folder();
    let path = elsewhere.path().join("public");
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o644);
    options.open(&path).expect("the test's own folder can be written");
    mode(&path)
}

#[test]
fn they_are_valid_from_five_minutes_ago_for_as_long_as_asked() {
    let lab = subject!("05");
    let folder = lab.folder();
    certs(&lab, folder.path(), &["--days", "3"]);
    let times = [
        ("an hour ago", -60 * 60, false),
        ("4 minutes ago", -4 * 60, true),
        ("a minute before 3 days are over", 3 * DAY - 60, true),
        ("a minute after 3 days", 3 * DAY + 60, false),
    ];
    for name in ["server", "client", "ca"] {
        for (time, later, is_valid) in times {
            // A verifier looks at the dates before it looks at the purpose. So the client's and the
            // CA's certificate, which no server should show, are refused for their dates first.
            let outcome = handshake(folder.path(), name, "localhost", None, later);
            let has_date_error =
                ["expired", "not valid yet"].iter().any(|w| why(&outcome).contains(w));
            let [found, wanted] =
                [!has_date_error, is_valid].map(|is| if is { "valid" } else { "not valid" });
            lab.check(
                has_date_error != is_valid,
                &format!(
                    "With --days 3, {name}.pem is {found} {time}; expected: {wanted}. {} It is {} now.",
                    stated(folder.path(), &format!("{name}.pem")),
                    common::log::utc(SystemTime::now())
                ),
                "dates-from-validity",
                "Set `not_before` and `not_after` of all three certificates from `validity`. It returns `CLOCK_SKEW` before now, and `days` after now. Clocks differ.",
            );
        }
    }
}

#[test]
fn a_missing_folder_is_created() {
    let lab = subject!("05");
    let folder = lab.folder();
    let new = folder.path().join("new").join("one");
    lab.run_tool(["certs", "--out", &new.to_string_lossy()])
        .says(CREATE_THE_FOLDER.0, CREATE_THE_FOLDER.1)
        .expect_exit(0);
    lab.check(
        read(&new, "server.pem").contains("BEGIN CERTIFICATE"),
        "There is no certificate in FOLDER/new/one/server.pem.",
        "write-into-the-folder",
        "Take the paths from `Issued::files(folder)`.",
    );
}

#[test]
fn what_no_certificate_can_hold_is_an_error() {
    let lab = subject!("05");
    let folder = lab.folder();
    let out = folder.path().to_string_lossy();
    for wrong in [["--name", "b\u{fc}ro.test"], ["--days", "4294967295"]] {
        lab.run_tool(["certs", "--out", &out].into_iter().chain(wrong))
            .says(
                "return-impossible",
                "In `signed` and `validity`, return `FileError::Impossible` for a wrong name or date. Use `?` and `checked_add`, which do not panic.",
            )
            .expect_error(&["cannot make certificates"]);
    }
}

#[test]
fn files_that_are_there_are_kept() {
    let lab = subject!("05");
    let folder = lab.folder();
    let last = folder.path().join("client.key");
    fs::write(&last, "mine").expect("the test's own folder can be written");
    let out = folder.path().to_string_lossy();
    let mut run = lab.run_tool(["certs", "--out", &out]);
    let error = run.expect_end().stderr;
    let count = fs::read_dir(folder.path()).map_or(0, Iterator::count);
    // The error of `create` itself comes too late, after other files were written.
    let is_late = count > 1 && error.contains("client.key");
    let (id, think) = if is_late { LOOK_AT_ALL } else { REFUSE_EXISTING };
    run.says(id, think).expect_error(&["client.key exists (--force replaces it)"]);
    lab.check(
        count == 1 && read(folder.path(), "client.key") == "mine",
        &format!("There was one file that must be kept; now there are {count}."),
        LOOK_AT_ALL.0,
        LOOK_AT_ALL.1,
    );
}

#[test]
fn a_link_to_a_missing_file_is_kept() {
    let lab = subject!("05");
    let (folder, elsewhere) = (lab.folder(), lab.folder());
    let target = elsewhere.path().join("stolen");
    let link = folder.path().join("client.key");
    if !symlink(&target, &link) {
        return lab.skip("this test needs symbolic links");
    }
    let out = folder.path().to_string_lossy();
    let (id, think) = (
        "a-link-is-a-file",
        "In `create_all`, look with `fs::symlink_metadata`. `Path::exists` follows a link, and reports false if its target is missing.",
    );
    let exit = lab.run_tool(["certs", "--out", &out]).says(id, think).expect_error(&["client.key"]);
    lab.check(!target.exists(), "There is a key behind the link now.", id, think);
    // A look at each file before it is written finds the link as well.
    let (id, think) =
        if exit.stderr.contains("exists (--force") { LOOK_AT_ALL } else { (id, think) };
    let count = fs::read_dir(folder.path()).map_or(0, Iterator::count);
    lab.check(
        count == 1,
        &format!("There was a link and no other file; now there are {count}."),
        id,
        think,
    );
}

#[cfg(unix)]
fn symlink(target: &Path, link: &Path) -> bool {
    std::os::unix::fs::symlink(target, link).is_ok()
}

#[cfg(not(unix))]
fn symlink(_target: &Path, _link: &Path) -> bool {
    false
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
