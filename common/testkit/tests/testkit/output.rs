//! What a subject prints: too much, too little, something else.

use crate::support::{FOR_EVER, QUICK, SLOW, apart, assert_says, failure, here, played, shell};
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::time::Duration;
use testkit::Resources;

#[test]
fn a_wrong_line_is_told_with_the_right_one() {
    let mut client = shell!("echo hello; echo wrld").run([]);
    client.expect_line("hello");
    let text = failure(|| {
        client.says("read-it-again", "read it again").expect_line("world");
    });
    assert_says(
        &text,
        &[
            "The client printed \"wrld\\n\" on stdout where \"world\\n\" was due.",
            "stdout: \"hello\\n\"",
            "✗ wanted on stdout: \"world\\n\"",
            "Think about it: read it again",
        ],
    );
}

#[test]
fn a_wrong_place_in_a_long_line_is_shown() {
    let script = "printf '%0100d%s%0100d\\n' 0 here 0";
    let line = format!("{:0100}{}{:0100}", 0, "HERE", 0);
    let text = failure(|| {
        shell!(script).run_tool([]).expect_line(&line);
    });
    assert_says(
        &text,
        &[
            "The program printed …\"0000000000000000here000000000000\"… (205 bytes) on stdout where",
            "…\"0000000000000000HERE000000000000\"… (205 bytes) was due: the first difference is at byte 100.",
            "…\"0000000000000000here000000000000\"…",
        ],
    );
}

#[test]
fn half_a_line_is_not_a_line() {
    let text = failure(|| {
        shell!("printf 'hel'").run([]).expect_line("hello");
    });
    assert_says(&text, &["The client printed \"hel\" on stdout where \"hello\\n\" was due."]);
}

#[test]
fn silence_ends_with_the_subject_and_not_with_the_deadline() {
    let told = apart!().with(SLOW.0, SLOW.1).tell(|| {
        shell!("exit 0").run([]).expect_line("hello");
    });
    let due = "The client printed nothing where \"hello\\n\" was due on stdout";
    told.fails_with(&[&format!("{due}, and ended (exit status 0).")]);
}

#[test]
fn what_is_typed_arrives_and_so_does_its_end() {
    let mut client = shell!("read word; echo \"got $word\"; cat; echo end").run([]);
    client.write_stdin(b"one\n").expect_line("got one");
    client.write_stdin(b"two").close_stdin().expect_output(b"twoend\n").expect_exit(0);
}

#[test]
fn a_subject_that_does_not_read_does_not_stop_the_typist() {
    let mut client = shell!("echo done").run([]);
    client.write_stdin(&vec![b'x'; 10 << 20]).expect_line("done").expect_exit(0);
}

#[test]
fn a_log_that_is_a_flood_says_the_same_again_and_again() {
    let script = "echo listening on 127.0.0.1:1; exec yes 'a shortage' >&2";
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        let server = shell!(script).serve([]);
        assert!(server.logs_again_and_again("a shortage", Duration::from_millis(60)));
        println!("all is well");
    });
    told.succeeds_with(&["all is well"]);
}

#[test]
fn the_log_is_searched_until_the_words_are_there() {
    let script = "for n in 1 2 3; do echo line $n >&2; sleep 0.01; done; exec sleep 1000";
    let mut server = shell!(&format!("echo listening on 127.0.0.1:1; {script}")).serve([]);
    server.expect_log("line 3").expect_log("Line 1").expect_log_after(7, "line 2");
    server.kill();
    let text = failure(|| {
        server.expect_log("line 4");
    });
    let again = failure(|| {
        server.expect_log_after(7, "line 1");
    });
    assert_says(&again, &["The server did not write \"line 1\" to stderr any more."]);
    assert_says(
        &text,
        &["The server did not write \"line 4\" to stderr.", "✗ wanted in the log: \"line 4\""],
    );
}

#[test]
fn words_that_a_client_did_not_write_were_wanted_on_stderr() {
    let mut client = shell!("echo line 1 >&2").run([]);
    client.expect_log("line 1").kill();
    let text = failure(|| {
        client.expect_log("line 2");
    });
    assert_says(
        &text,
        &["The client did not write \"line 2\" to stderr.", "✗ wanted on stderr: \"line 2\""],
    );
}

#[test]
fn a_log_line_on_stdout_is_named() {
    let script = "echo listening on 127.0.0.1:1; echo a shortage; exec sleep 1000";
    let mut server = shell!(script).serve([]);
    server.wait_until_idle();
    server.kill();
    let text = failure(|| {
        server.expect_log("a shortage");
    });
    let did = "The server did not write \"a shortage\" to stderr, but printed it on stdout.";
    assert_says(&text, &[did]);
}

#[test]
fn words_that_come_in_pieces_are_words() {
    let mut client = shell!("printf wo >&2; sleep 0.05; printf rds >&2").run([]);
    client.expect_log("wo").expect_log("words");
}

/// Fails if this process has ever used more memory than a flood may take.
fn assert_little_memory() {
    let peak = Resources::of(std::process::id()).map_or(0, |used| used.peak_memory);
    assert!(peak < 40 << 20, "{peak} bytes");
    println!("all is well");
}

#[test]
fn a_flood_on_stdout_fills_no_memory() {
    let told = apart!().tell(|| {
        let flood = "head -c 200000000 /dev/zero; echo end";
        let mut client = shell!(flood).run([]);
        let exit = client.expect_exit(0);
        assert!(exit.stdout.ends_with(b"end\n"), "the end of a flood is kept");
        assert_little_memory();
    });
    told.succeeds_with(&["all is well"]);
}

#[test]
fn a_flood_before_it_listens_fills_no_memory_and_is_shown() {
    let told = apart!().tell(|| {
        let flood = "printf 'usage: '; head -c 200000000 /dev/zero; exec sleep 1000";
        let text = failure(|| drop(shell!(flood).serve([])));
        println!("{text}");
        assert_little_memory();
    });
    told.succeeds_with(&[
        "The server did not say `listening on ADDRESS` on stdout within",
        "and printed no newline.",
        "The server printed",
        "usage: ",
        "bytes) on stdout.",
        "all is well",
    ]);
}

#[test]
fn a_flood_during_the_test_is_shown() {
    let listens = "echo listening on $1";
    let flood = format!("{listens}; head -c 20000000 /dev/zero | tr '\\0' x; {FOR_EVER}");
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound").to_string();
        let script = flood.replace("$1", &address);
        let server = shell!(&script).serve([]);
        // Idle: it has printed everything, however long that takes.
        while !server.wait_until_idle() {}
        let text = failure(|| {
            server.connect("peer").send(b"hello").expect(b"hello");
        });
        println!("{text}");
        assert_little_memory();
    });
    // Where threads cannot be seen, it may still be printing.
    let printed = match cfg!(target_os = "linux") {
        true => "The server printed \"listenin…xxxxxxxx\" (20,000,0",
        false => "The server printed \"listenin…xxxxxxxx\" (",
    };
    told.succeeds_with(&[
        "The server sent 0 bytes of the 5 bytes that were due",
        printed,
        "all is well",
    ]);
}

#[test]
fn a_server_that_sends_for_ever_fills_no_memory() {
    let told = apart!().tell(|| {
        let played =
            played!(|mut stream: TcpStream| while stream.write_all(&[b'x'; 4096]).is_ok() {});
        let text = failure(|| drop(played.server.connect("peer").line()));
        println!("{text}");
        assert_little_memory();
    });
    told.succeeds_with(&["bytes and does not stop", "all is well"]);
}

#[test]
fn a_large_output_is_kept_if_the_test_says_so() {
    let large = vec![b'x'; 4 << 20];
    let script = "head -c 4194304 /dev/zero | tr '\\0' x";
    shell!(script).with_large_output(large.len()).run([]).expect_output(&large).expect_exit(0);
}

#[test]
fn a_flood_on_stderr_neither_blocks_nor_hides_a_panic() {
    let flood = "head -c 20000000 /dev/zero | tr '\\0' 'x' >&2; echo >&2";
    let panic = "echo \"thread 'main' (1) panicked at src/listen.rs:1:2:\" >&2; echo oh no >&2";
    let script = format!("echo listening on 127.0.0.1:1; {flood}; {panic}; exit 101");
    let text = failure(|| {
        shell!(&script).serve([]).expect_line("more");
    });
    assert_says(&text, &["The server panicked at src/listen.rs:1: oh no"]);
}

#[test]
fn a_first_line_without_end_is_not_waited_for() {
    let told = apart!().with(SLOW.0, SLOW.1).tell(|| {
        shell!("exec cat /dev/zero").serve([]);
    });
    told.fails_with(&["The server did not say `listening on ADDRESS` on stdout"]);
}

#[test]
fn a_client_that_talks_for_ever_is_not_waited_for_for_ever() {
    // Each line is progress: only the deadline for all of it ends this. 15 s become 0.3 s.
    let talk = "while :; do echo still trying >&2; sleep 0.01; done";
    let told = apart!().with("LAB_DEADLINE_SCALE", "0.02").tell(|| {
        shell!(talk).run([]).expect_exit(1);
    });
    told.fails_with(&["The client is still running where exit status 1 was due"]);
}

#[test]
fn an_error_is_one_line_and_says_what_is_wanted() {
    let error =
        |script: &str, words: &[&str]| failure(|| drop(shell!(script).run([]).expect_error(words)));
    let said = error("echo error: cannot connect: refused >&2; exit 1", &["timed out"]);
    assert_says(
        &said,
        &[
            "The client's error does not contain \"timed out\". It is: error: cannot connect: refused",
            "✗ wanted in the error: \"timed out\"",
        ],
    );
    let none = error("echo something else >&2; exit 1", &[]);
    assert_says(&none, &["The client failed with 0 lines beginning with `error: ` on stderr"]);
    let two = error("echo error: a >&2; echo error: b >&2; exit 1", &[]);
    assert_says(&two, &["The client failed with 2 lines beginning with `error: `"]);
    let wrong_status = error("echo error: a >&2; exit 7", &["a"]);
    assert_says(&wrong_status, &["exit status 7 where exit status 1 was due"]);
    shell!("echo a log line >&2; echo error: a b >&2; exit 1").run([]).expect_error(&["a", "b"]);
}

#[test]
fn what_could_paint_on_the_terminal_is_shown_by_its_number() {
    let script = "printf 'error: \\033[2J\\007 evil\\n' >&2; exit 1";
    let text = failure(|| drop(shell!(script).run([]).expect_error(&["good"])));
    assert!(!text.contains(['\x1b', '\x07']), "{}", text.escape_debug());
    assert_says(&text, &["\\u{1b}[2J\\u{7} evil"]);
}

#[test]
fn a_subject_that_closes_its_output_and_runs_on_has_printed_nothing() {
    let script = format!("exec >&- 2>&-; {FOR_EVER}");
    let text = failure(|| {
        shell!(&script).run([]).expect_line("hello");
    });
    assert_says(&text, &["The client printed nothing"]);
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        shell!(&script).run([]).expect_exit(0);
    });
    told.fails_with(&["The client is still running where exit status 0 was due"]);
}

#[test]
fn what_a_terminal_shows_is_the_log() {
    let draws = "test -t 2 && printf 'one\\ntwo' >&2";
    let lab = shell!(draws).on_terminal().expect("every Unix has terminals");
    let exit = lab.run([]).expect_exit(0);
    // A terminal goes to the beginning of the line by itself (termios(3), ONLCR).
    assert_eq!(exit.stderr, "one\r\ntwo");
}

#[test]
fn a_panic_on_a_terminal_is_seen() {
    // In two writes: between them the kit knows where, and not yet why.
    let panic = "echo \"thread 'main' (1) panicked at src/listen.rs:1:2:\" >&2; echo oh no >&2";
    let lab = shell!(&format!("{panic}; exit 101")).on_terminal();
    let lab = lab.expect("every Unix has terminals");
    let text = failure(|| {
        lab.run([]).expect_line("more");
    });
    assert_says(&text, &["The client panicked at src/listen.rs:1: oh no"]);
}

#[test]
fn without_a_terminal_there_is_none() {
    shell!("test -t 0 || test -t 1 || test -t 2").run([]).expect_exit(1);
}
