//! Subjects that do not come to listen.

use crate::support::{FOR_EVER, LISTENS, QUICK, apart, assert_says, failure, here, shell};
use std::time::{Duration, Instant};
use testkit::Subject;

#[test]
fn one_that_never_says_where_it_listens() {
    apart!().with(QUICK.0, QUICK.1).tell(|| drop(shell!(FOR_EVER).serve([]))).fails_with(&[
        "✗ starting › one_that_never_says_where_it_listens",
        "The server did not say `listening on ADDRESS` on stdout within ",
        "sh serve",
        "started with --listen 127.0.0.1:0",
        "✗ wanted: listening on ADDRESS",
    ]);
}

#[test]
fn a_word_that_could_be_taken_for_several_is_quoted() {
    let text = failure(|| {
        drop(shell!("exit 3").run(["get", "--name", "a\nb", "", "plain"]).expect_exit(0))
    });
    assert_says(&text, &["started with --name \"a\\nb\" \"\" plain"]);
}

#[test]
fn one_that_begins_the_line_and_does_not_end_it() {
    let script = format!("printf 'listening on 127.0.0.1:7001'; {FOR_EVER}");
    apart!().with(QUICK.0, QUICK.1).tell(|| drop(shell!(&script).serve([]))).fails_with(&[
        "The server did not say `listening on ADDRESS` on stdout",
        "it printed \"listening on",
    ]);
}

#[test]
fn one_that_says_something_else_first() {
    let script = format!("echo Hello; echo listening on 127.0.0.1:7001; {FOR_EVER}");
    let text = failure(|| drop(shell!(&script).serve([])));
    assert_says(
        &text,
        &["first line on stdout is \"Hello\" where `listening on ADDRESS` was due", "✗ wanted"],
    );
}

#[test]
fn one_that_says_an_address_that_is_none() {
    let script = format!("echo listening on port 7001; {FOR_EVER}");
    let text = failure(|| drop(shell!(&script).serve([])));
    assert_says(&text, &["first line on stdout is \"listening on port 7001\""]);
}

#[test]
fn one_that_ends_at_once() {
    let text = failure(|| drop(shell!("exit 0").serve([])));
    assert_says(&text, &["The server ended by itself (exit status 0)"]);
    assert_says(&text, &["before it said `listening on ADDRESS`"]);
}

#[test]
fn one_that_ends_at_once_with_words() {
    let text = failure(|| drop(shell!("echo error: no luck >&2; exit 3").serve([])));
    assert_says(
        &text,
        &["The server ended by itself (exit status 3)", "last words", "    error: no luck"],
    );
}

#[test]
fn last_words_that_are_cut_show_it() {
    let lines =
        "for n in 1 2 3 4 5 6 7; do echo line $n >&2; done; printf '%0400d\\n' 0 >&2; exit 3";
    let text = failure(|| drop(shell!(lines).serve([])));
    assert_says(&text, &["last words", "    … 2 lines before …\n    line 3\n", "0000…\n"]);
}

#[test]
fn last_words_are_those_of_the_run_that_failed() {
    let text = failure(|| {
        let subject = shell!("echo error: $2 >&2; exit 1");
        subject.run(["get", "right"]).expect_error(&["right"]);
        subject.run(["get", "wrong"]).expect_error(&["right"]);
    });
    assert_says(&text, &["last words on stderr (exit status 1):\n    error: wrong\n"]);
    assert!(!text.contains("    error: right"), "{text}");
}

#[test]
fn last_words_of_several_runs_have_their_names() {
    let text = failure(|| {
        let subject = shell!("echo error: $2 >&2; exit 1");
        subject.run(["get", "one"]).expect_error(&["one"]);
        subject.run(["get", "two"]).expect_error(&["two"]);
        subject.check(false, "Two runs differ.", "an-id", "Compare them.");
    });
    assert_says(
        &text,
        &[
            "last words on stderr, run get (exit status 1):\n    error: one\n",
            "last words on stderr, run get 2 (exit status 1):\n    error: two\n",
        ],
    );
}

#[test]
fn an_error_by_a_signal_or_a_timeout_is_explained() {
    let cases = [
        ("Interrupted system call (os error 4)", "a signal came during the call"),
        ("Resource temporarily unavailable (os error 11)", "the socket is non-blocking, or"),
        ("no thread: Resource temporarily unavailable (os error 11)", "has no thread left"),
    ];
    for (line, meaning) in cases {
        let text = failure(|| drop(shell!(&format!("echo 'error: {line}' >&2; exit 3")).serve([])));
        assert_says(&text, &[line]);
        assert!(text.replace('\n', " ").contains(meaning) == cfg!(target_os = "linux"), "{text}");
    }
}

#[test]
fn one_that_is_killed_at_once() {
    let text = failure(|| drop(shell!("kill -KILL $$").serve([])));
    assert_says(&text, &["The server ended by itself (signal: 9 (SIGKILL))"]);
}

#[test]
fn one_that_closes_stdout_and_runs_on() {
    let script = format!("exec >&-; {FOR_EVER}");
    apart!()
        .with(QUICK.0, QUICK.1)
        .tell(|| drop(shell!(&script).serve([])))
        .fails_with(&["The server did not say `listening on ADDRESS` on stdout"]);
}

#[test]
fn one_that_cannot_be_started() {
    let subject = Subject::command("42", &here!(), &["/no/such/program".to_owned()]);
    let text = failure(|| drop(subject.serve([])));
    assert_says(
        &text,
        &[
            "The program /no/such/program cannot be started: no such file or directory.",
            "✗ cannot be started",
        ],
    );
}

#[test]
fn one_that_behaves() {
    let script = format!("echo \"listening on 127.0.0.1:7001\"; echo \"$@\"; {FOR_EVER}");
    let mut server = shell!(&script).serve(["--workers", "3"]);
    assert_eq!(server.address().to_string(), "127.0.0.1:7001");
    server.expect_line("serve --listen 127.0.0.1:0 --workers 3");
}

/// Deadlines of 0.2 s, and a start of 1 s.
#[test]
fn one_that_starts_slowly_is_waited_for() {
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        drop(shell!(&format!("sleep 0.6; {LISTENS}; {FOR_EVER}")).serve([]));
        shell!("sleep 0.6; echo hello").run([]).expect_line("hello").expect_exit(0);
        shell!("sleep 0.6; exit 1").run([]).expect_exit(1);
    });
    told.succeeds_with(&[]);
}

#[test]
fn a_client_that_starts_slowly_is_waited_for() {
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        let lab = shell!("sleep 0.6; exec nc 127.0.0.1 $1");
        let mut host = lab.scripted_server("host");
        let port = host.address().rsplit_once(':').expect("a port").1.to_owned();
        let client = lab.run([port.as_str()]);
        host.accept();
        drop(client);

        let lab = shell!("sleep 0.6; printf hello | nc -u -q 5 127.0.0.1 $1");
        let mut host = lab.udp_server("host");
        let port = host.address().rsplit_once(':').expect("a port").1.to_owned();
        let _client = lab.run([port.as_str()]);
        host.expect(b"hello");
    });
    told.succeeds_with(&[]);
}

/// A program with a socket has started. A server that forgets its first line fails soon.
#[test]
#[cfg(target_os = "linux")]
fn one_that_listens_and_does_not_say_so_is_not_waited_for() {
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        drop(shell!("exec nc -l 127.0.0.1 0").serve([]));
    });
    told.fails_with(&["The server did not say `listening on ADDRESS` on stdout within "]);
}

#[test]
fn a_clients_clock_begins_when_it_has_started() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let time = Duration::from_millis(200);
    let before = Instant::now();
    let client = shell!("sleep 0.2; echo ready; exec sleep 1000").run([]);
    let start = client.wait_until_started();
    assert!(before.elapsed() >= time, "it has printed nothing until then, and has no socket");
    assert!(start >= before && start <= Instant::now());
}
