//! Step token: a secret that is compared without being told.

use testkit::{Server, Subject, scaled, subject};
use testkit_tls::Cabinet;

fn serve(lab: Subject, cabinet: &Cabinet, args: &[&str]) -> Server {
    let lab = lab.with_variable("TOKENS", "s3cret, other-one,,");
    let folder = cabinet.folder();
    let words = ["--certs", &folder, "--token-env", "TOKENS"];
    lab.serve(words.into_iter().chain(args.iter().copied()))
}

#[test]
fn each_token_of_the_list_opens() {
    let cabinet = Cabinet::new();
    let server = serve(subject!("05"), &cabinet, &[]);
    for token in ["s3cret", "other-one"] {
        let mut peer = server.connect("peer");
        peer.start_tls(&cabinet.client());
        peer.says("the list is divided by commas; spaces around a token are not part of it")
            .send(format!("TOKEN {token}\nhello\n").as_bytes())
            .expect(b"OK\nEcho: hello\n");
    }
}

#[test]
fn anything_else_does_not() {
    let cabinet = Cabinet::new();
    let server = serve(subject!("05"), &cabinet, &[]);
    for line in ["TOKEN s3cre", "TOKEN s3cret2", "TOKEN ", "TOKEN", "token s3cret", "s3cret", "hi"]
    {
        let mut peer = server.connect("peer");
        peer.start_tls(&cabinet.client());
        peer.says("`TOKEN ` and a whole token, or nothing; an empty token is none")
            .send(format!("{line}\n").as_bytes())
            .expect(b"ERROR not authorised\n")
            .half_close()
            .expect_end();
    }
}

#[test]
fn a_token_that_dribbles_comes_too_late() {
    let cabinet = Cabinet::new();
    // The quick one has no more time, either.
    let limit = scaled(1.2);
    let server =
        serve(subject!("05"), &cabinet, &["--handshake-timeout", &limit.as_secs_f64().to_string()]);
    let mut first = server.connect("quick");
    first.start_tls(&cabinet.client()).send(b"TOKEN s3cret\n").expect(b"OK\n");
    let mut slow = server.connect("slow");
    slow.start_tls(&cabinet.client());
    let token = b"TOKEN and so on";
    let sent = slow.dribble(token, limit / 5);
    server.check(
        sent < token.len(),
        &format!(
            "A token of which a byte came every {:?} was waited for, and its {limit:?} were long over.",
            limit / 5
        ),
        "one deadline for handshake and token together, however the bytes come",
    );
}
