//! Tests that only the instructor has: larger rooms, ruder members, and peers that nobody here
//! wrote.

#[path = "../../../labs/06-chat/tests/suite/people.rs"]
#[allow(dead_code, reason = "the suite uses more of it")]
mod people;

use common::subject;
use common::testkit::Peer;
use people::{ROOMY, join, lines};

/// How many members the large room has; how often each speaks.
const MEMBERS: usize = 100;
const SPEECHES: usize = 20;

#[test]
fn a_hundred_members_hear_the_same_in_the_same_order() {
    let server = subject!("06").serve(ROOMY);
    let mut members: Vec<Peer> = Vec::new();
    for number in 0..MEMBERS {
        let mut newcomer = server.connect(&format!("m{number}"));
        newcomer.expect(b"Enter your name: ").send(format!("m{number}\n").as_bytes());
        newcomer.line();
        for member in &mut members {
            member.expect(format!("m{number} joined the chat\n").as_bytes());
        }
        members.push(newcomer);
    }
    for speech in 0..SPEECHES {
        for (number, member) in members.iter_mut().enumerate() {
            member.send(format!("{number}-{speech}\n").as_bytes());
        }
    }
    // All but one's own lines: put those where the others heard them, and all stories are one.
    let heard: Vec<Vec<String>> =
        members.iter_mut().map(|member| lines(member, (MEMBERS - 1) * SPEECHES)).collect();
    for (number, story) in heard.iter().enumerate() {
        let of_a_third = |line: &&String| {
            !line.starts_with("m0: ") && !line.starts_with(&format!("m{number}: "))
        };
        let theirs: Vec<&String> = story.iter().filter(of_a_third).collect();
        let firsts: Vec<&String> = heard[0].iter().filter(of_a_third).collect();
        server.check(
            theirs == firsts,
            &format!("m0 and m{number} have not heard the same in the same order."),
            "who decides the order must give a line to all before the next",
        );
    }
}

#[test]
fn ten_megabytes_without_an_end_harm_nobody() {
    let server = subject!("06").serve([]);
    let mut witness = join(&server, "witness", "nobody else");
    let mut endless = join(&server, "endless", "witness");
    witness.expect(b"endless joined the chat\n");
    endless.send(&vec![b'x'; 10 << 20]);
    witness.expect(b"endless left the chat\n");
    if let Some(now) = server.resources() {
        server.check(
            now.peak_memory < 32 << 20,
            &format!("A line of 10 MB made the server hold {} bytes.", now.peak_memory),
            "a line longer than the limit need not be kept",
        );
    }
}

#[test]
fn netcat_is_a_member_like_others() {
    let lab = subject!("06");
    if std::process::Command::new("nc").arg("-h").output().is_err() {
        return lab.skip("this machine has no nc");
    }
    let server = lab.serve([]);
    let mut witness = join(&server, "witness", "nobody else");
    let port = server.address().port().to_string();
    let mut netcat = lab.another(["nc"]).run(["127.0.0.1", &port]);
    netcat.expect_output(b"Enter your name: ").types(b"nc\r\n");
    netcat.expect_line("Welcome, nc. Here: witness");
    witness.expect(b"nc joined the chat\n");
    netcat.types(b"hello\r\n");
    witness.expect(b"nc: hello\n").send(b"hello, nc\n");
    netcat.expect_line("witness: hello, nc").types(b"/quit\r\n");
    netcat.expect_line("Goodbye.");
    witness.expect(b"nc left the chat\n");
}
