//! Step token: a secret that is compared without being told.

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
            "list-divided-commas-spaces",
            "the list is divided by commas; spaces around a token are not part of it",
        )
        .send(format!("TOKEN {token}\nhello\n").as_bytes())
        .expect(b"OK\nEcho: hello\n");
    }
}

#[test]
fn anything_else_does_not() {
    let test_ca = TestCa::new();
    let server = serve(subject!("05"), &test_ca, &[]);
    for line in ["TOKEN s3cre", "TOKEN s3cret2", "TOKEN ", "TOKEN", "token s3cret", "s3cret", "hi"]
    {
        let mut peer = server.connect("peer");
        peer.start_tls(&test_ca.client());
        peer.says(
            "token-whole-token-empty",
            "`TOKEN ` and a whole token, or nothing; an empty token is none",
        )
        .send(format!("{line}\n").as_bytes())
        .expect(b"ERROR not authorised\n")
        .half_close()
        .expect_end();
    }
}

#[test]
fn a_token_that_dribbles_comes_too_late() {
    let test_ca = TestCa::new();
    // The quick one has no more time, either.
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
            "A token of which a byte came every {:?} was waited for, and its {limit:?} were long over.",
            limit / 5
        ),
        "deadline-handshake-token", "one deadline for handshake and token together, however the bytes come",
    );
}
