//! Step token: a comparison of secrets that does not reveal them.

use testkit::{Server, Subject, subject, test_time};
use testkit_tls::TestCa;

fn serve(lab: Subject, test_ca: &TestCa, args: &[&str]) -> Server {
    let lab = lab.with_variable("TOKENS", "s3cret, other-one,,");
    let folder = test_ca.folder();
    let words = ["--certs", &folder, "--token-env", "TOKENS"];
    lab.serve(words.into_iter().chain(args.iter().copied()))
}

#[test]
fn each_token_of_the_list_opens() {
    let test_ca = TestCa::new();
    let server = serve(subject!("05"), &test_ca, &[]);
    for token in ["s3cret", "other-one"] {
        let mut peer = server.connect("peer");
        peer.start_tls(&test_ca.client());
        peer.says(
            "split-and-trim-the-list",
            "In `is_authorised`, split the list at commas, and trim each token. Spaces around a token are not part of it.",
        )
        .send(format!("TOKEN {token}\nhello\n").as_bytes())
        .expect(b"OK\nEcho: hello\n");
    }
}

#[test]
fn anything_else_does_not() {
    let test_ca = TestCa::new();
    let server = serve(subject!("05"), &test_ca, &[]);
    let lines = [
        ("TOKEN s3cre", WHOLE),
        ("TOKEN s3cret2", WHOLE),
        ("TOKEN ", EMPTY),
        ("TOKEN", EMPTY),
        ("hi", PREFIX),
        ("s3cret", PREFIX),
        ("token s3cret", PREFIX),
        ("TOKEN  s3cret", SPACES),
        ("TOKEN\ts3cret", SPACES),
        ("TOKEN s3cret ", SPACES),
        ("TOKEN s3cret other-one", WHOLE),
        ("TOKEN s3cret, other-one,,", WHOLE),
    ];
    for (line, (id, think)) in lines {
        let mut peer = server.connect("peer");
        peer.start_tls(&test_ca.client());
        peer.says(id, think)
            .send(format!("{line}\n").as_bytes())
            .expect(b"ERROR not authorised\n")
            .half_close()
            .expect_end();
    }
}

const WHOLE: (&str, &str) = (
    "compare-whole-tokens",
    "In `is_authorised`, compare the rest of the line with each whole token. A part of a token, or more than one, does not count.",
);
const EMPTY: (&str, &str) = (
    "skip-empty-tokens",
    "In `is_authorised`, skip empty tokens of the list. A comma at its end would otherwise let each client in.",
);
const PREFIX: (&str, &str) = (
    "require-the-prefix",
    "In `is_authorised`, take the rest with `line.strip_prefix(b\"TOKEN \")`. A line without `TOKEN `, in capital letters, holds no token.",
);
const SPACES: (&str, &str) = (
    "do-not-trim-the-line",
    "In `is_authorised`, trim the tokens of the list, but not the client's line. Its bytes after `TOKEN ` must be a token.",
);

#[test]
fn a_token_that_dribbles_comes_too_late() {
    let test_ca = TestCa::new();
    // The quick client has no more time, either.
    let limit = test_time(1.2);
    let server =
        serve(subject!("05"), &test_ca, &["--handshake-timeout", &limit.as_secs_f64().to_string()]);
    let mut first = server.connect("quick");
    first.start_tls(&test_ca.client()).send(b"TOKEN s3cret\n").expect(b"OK\n");
    let mut slow = server.connect("slow");
    slow.start_tls(&test_ca.client());
    let token = b"TOKEN and so on";
    let sent = slow.send_slowly(token, limit / 5);
    server.check(
        sent < token.len(),
        &format!(
            "A client sent a byte of its token every {:?}, and the server still waited long after {limit:?}.",
            limit / 5
        ),
        "one-deadline-for-the-token",
        "Check `first_line` in `given/session.rs`. Handshake and token have one deadline together, also if the bytes arrive one by one.",
    );
}
