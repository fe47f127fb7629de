//! Errors before the first client connects.

use testkit::subject;

#[test]
fn every_error_is_one_line_and_a_status() {
    let lab = subject!("01");
    let first = lab.serve([]);
    let taken = first.address().to_string();
    lab.try_serve_as("serve", &taken, []).expect_error(&["cannot listen on", &taken]);

    lab.try_serve_as("serve", "127.0.0.1:0", ["--log", "/no/such/folder/log"])
        .expect_error(&["cannot open /no/such/folder/log", "no such file or directory"]);

    lab.run(["send", "--connect", "127.0.0.1", "hello"])
        .expect_error(&["cannot connect to 127.0.0.1", "HOST:PORT"]);

    let wrong_arguments: [&[&str]; 4] =
        [&[], &["no-such-command"], &["serve", "--listen", "localhost"], &["send", "hello"]];
    for arguments in wrong_arguments {
        let exit = lab.run(arguments.iter().copied()).expect_exit(2);
        lab.check(
            exit.stdout.is_empty() && !exit.stderr.is_empty(),
            &format!("With {arguments:?} it prints on stdout: {}", text(&exit.stdout)),
            "errors-belong-on-stderr",
            "In run.rs, print errors on stderr, and nothing on stdout. stdout is for results.",
        );
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
