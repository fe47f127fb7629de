//! Step token: a comparison of secrets that does not reveal them.

use std::time::Instant;
use testkit::{Server, Subject, subject, test_time, test_time_arg};
use testkit_tls::TestCa;

fn with_tokens(lab: Subject) -> Subject {
    lab.with_variable("TOKENS", &format!("s3cret, other-one ,two words, {LONG},, ,"))
}

/// Longer than the buffers that a program might copy tokens into.
const LONG: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef-end";

fn serve(lab: &Subject, test_ca: &TestCa, args: &[&str]) -> Server {
    let folder = test_ca.folder();
    let words = ["--certs", &folder, "--token-env", "TOKENS"];
    lab.serve(words.into_iter().chain(args.iter().copied()))
}

#[test]
fn each_token_of_the_list_opens_and_anything_else_does_not() {
    let test_ca = TestCa::new();
    let server = serve(&with_tokens(subject!("05")), &test_ca, &[]);
    let tokens =
        [("s3cret", ONE_MATCH), ("other-one", TRIM), ("two words", SPACES_INSIDE), (LONG, ALL)];
    for (token, (id, think)) in tokens {
        let mut peer = server.connect("peer");
        peer.start_tls(&test_ca.client());
        peer.says(id, think)
            .send(format!("TOKEN {token}\nhello\n").as_bytes())
            .expect(b"OK\nEcho: hello\n");
    }
    for (line, (id, think)) in wrong_lines() {
        let mut peer = server.connect("peer");
        peer.start_tls(&test_ca.client());
        peer.says(id, think)
            .send(&[line, b"\n".to_vec()].concat())
            .expect(b"ERROR not authorised\n")
            .half_close()
            .expect_end();
    }
}

/// First lines that hold no token, and what to check if one opens.
fn wrong_lines() -> [(Vec<u8>, (&'static str, &'static str)); 15] {
    let nearly_long = format!("TOKEN {LONG}").replace("-end", "-and");
    let lines: [(&[u8], _); 15] = [
        (b"TOKEN s3cre", WHOLE),
        (b"TOKEN s3cret2", WHOLE),
        (b"TOKEN ", EMPTY),
        (b"TOKEN", EMPTY),
        (b"s3cret", PREFIX),
        (b"token s3cret", PREFIX),
        (b"TOKEN  s3cret", SPACES),
        (b"TOKEN\ts3cret", SPACES),
        (b"TOKEN s3cret ", SPACES),
        (b"TOKEN s3cret other-one", WHOLE),
        (b"TOKEN two", WHOLE),
        (b"TOKEN S3CRET", EACH_BYTE),
        (b"TOKEN s3crte", EACH_BYTE),
        (nearly_long.as_bytes(), EACH_BYTE),
        (b"TOKEN \xff", BYTES),
    ];
    lines.map(|(line, advice)| (line.to_vec(), advice))
}

const ONE_MATCH: (&str, &str) = (
    "one-match-is-enough",
    "In `is_authorised`, compare the bytes after `TOKEN ` with each token. One match is enough, also if later tokens differ (`|=`). TOKENS is `s3cret, other-one ,…`.",
);
const TRIM: (&str, &str) = (
    "split-and-trim-the-list",
    "In `is_authorised`, split the list at commas, trim each token at both ends, and compare with all. TOKENS is `s3cret, other-one ,two words,…`.",
);
const SPACES_INSIDE: (&str, &str) = (
    "a-token-may-hold-spaces",
    "In `is_authorised`, split the list at commas only, and do not split the client's line. TOKENS is `s3cret, other-one ,two words,…`, and a token may hold spaces.",
);
const ALL: (&str, &str) = (
    "compare-with-all-tokens",
    "In `is_authorised`, compare with all tokens of the list, whatever their length. This one is the last, and long.",
);
const EACH_BYTE: (&str, &str) = (
    "compare-each-byte",
    "In `is_authorised`, compare every byte of the token, in its case and at its place. `ct_eq` of subtle does that with two slices.",
);
const WHOLE: (&str, &str) = (
    "compare-whole-tokens",
    "In `is_authorised`, compare the rest of the line with each whole token. A part of a token, or more than one, does not count.",
);
const EMPTY: (&str, &str) = (
    "skip-empty-tokens",
    "In `is_authorised`, skip empty tokens of the list. TOKENS ends in `,, ,` here, so trim before you `filter`. An empty token lets each client in.",
);
const BYTES: (&str, &str) = (
    "a-token-is-bytes",
    "In `is_authorised`, compare bytes, and make no text of the client's line. A client may send bytes that are not UTF-8.",
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
    let lab = with_tokens(subject!("05"));
    let token = b"TOKEN and so on";
    let outcome = lab.undisturbed(|factor| {
        // The quick client has no more time, either.
        let timeout = 0.8 * factor;
        let server = serve(&lab, &test_ca, &["--handshake-timeout", &test_time_arg(timeout)]);
        let mut first = server.connect("quick");
        first.start_tls(&test_ca.client()).send(b"TOKEN s3cret\n").expect(b"OK\n");
        let start = Instant::now();
        let mut slow = server.connect("slow");
        slow.start_tls(&test_ca.client()).is_cut_off(start, token, test_time(timeout))
    });
    let Some(was_cut_off) = outcome else { return };
    lab.check(
        was_cut_off,
        "A client sent its token byte by byte, and the server waited longer than --handshake-timeout.",
        "one-deadline-for-the-token",
        "Check `first_line` in `given/session.rs`. Handshake and token have one deadline together, also if the bytes arrive one by one.",
    );
}
