//! What `save` of `drive` writes: a conversation with the echo server in Python, as a test.

mod python;
mod scratch;

use scratch::{Scratch, rows, stderr, stdout};

#[test]
fn pieces_are_writes_of_their_own_and_an_expectation_takes_them_together() {
    let Some(scratch) = Scratch::new() else { return };
    let output = scratch.drive("connect\nsend \"he\" \"llo\"\nexpect \"hello\"\nsave pieces\n");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let rows = rows(&output);
    assert!(rows.contains("peer\"he\"▶") && rows.contains("peer\"llo\"▶"), "{}", stdout(&output));
    let test = scratch.read("labs/01-echo/tests/yours/pieces.rs");
    assert!(test.contains("peer.send_in_pieces(&[&b\"he\"[..], b\"llo\"]);"), "{test}");
}

#[test]
fn a_saved_test_tells_when_a_peer_did_not_read() {
    let Some(scratch) = Scratch::new() else { return };
    let output = scratch.drive("connect\nstop\nsend \"a\"\ngo\nexpect \"a\"\nsave slow\n");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let test = scratch.read("labs/01-echo/tests/yours/slow.rs");
    let (_, steps) = test.split_once("// peer stops reading.").expect("a comment");
    let (send, answer) = steps.split_once("    // peer reads on.\n").expect("another one");
    assert!(send.contains("peer.send(b\"a\");"), "{test}");
    assert!(answer.starts_with("    peer.expect(b\"a\");"), "{test}");
}

#[test]
fn what_was_expected_and_did_not_come_fails_and_is_what_the_saved_test_expects() {
    let Some(scratch) = Scratch::new() else { return };
    let output = scratch.drive("connect\nsend \"a\"\nexpect \"b\"\nfin\nexpect fin\nsave no_b\n");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let page = stdout(&output);
    assert!(page.contains("✗ peer expected \"b\" and received \"a\""), "{page}");
    assert!(page.contains("Each `expect` that did not hold has a comment."), "{page}");
    assert_eq!(scratch.read("labs/01-echo/tests/yours/no_b.rs"), NO_B);
    let list = scratch.read("labs/01-echo/tests/yours/main.rs");
    assert!(list.starts_with("//! ") && list.ends_with("\n\nmod no_b;\n"), "{list}");
}

const NO_B: &str = r#"use testkit::subject;

#[test]
fn no_b() {
    let server = subject!("01").serve([]);
    let mut peer = server.connect("peer");
    peer.send(b"a");
    // Did not hold: peer received "a".
    peer.expect(b"b");
    peer.half_close();
    peer.expect_end();
}
"#;

#[test]
fn a_test_that_exists_is_not_replaced_and_the_list_keeps_its_other_lines() {
    let Some(scratch) = Scratch::new() else { return };
    scratch.write("labs/01-echo/tests/yours/main.rs", "mod helper;\nmod two;\n");
    scratch.write("labs/01-echo/tests/yours/one.rs", "// mine\n");
    let output = scratch.drive("connect\nsave two\nsave one\n");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(stderr(&output).contains("tests/yours/one.rs exists already"), "{output:?}");
    assert_eq!(scratch.read("labs/01-echo/tests/yours/one.rs"), "// mine\n");
    assert_eq!(scratch.read("labs/01-echo/tests/yours/main.rs"), "mod helper;\nmod two;\n");
}

#[test]
fn a_name_that_rust_or_the_file_system_would_not_take_is_refused() {
    let Some(scratch) = Scratch::new() else { return };
    for name in ["fn", "main", "../evil", "Name", "a b"] {
        let output = scratch.drive(&format!("connect\nsave {name}\n"));
        assert_eq!(output.status.code(), Some(2), "{name}: {output:?}");
    }
    assert!(!scratch.path("labs/01-echo/tests").exists());
    let output = scratch.drive("connect server\n");
    assert!(stderr(&output).contains("`server` has a meaning in a Rust test"), "{output:?}");
}
