//! A forger with many tries, and silent machines.

use super::dns::{A, address, header, id_of, pointer, question, record, server};
use super::scans::{LONG, silent_everywhere};
use testkit::{subject, test_time, test_time_arg};

/// How many wrong answers the forger sends.
const FORGED: u16 = 1_000;

/// The forger waits after so many, because a full receive queue would drop the right answer, too.
const AT_ONCE: u16 = 50;

#[test]
fn a_thousand_forged_answers_change_nothing() {
    let lab = subject!("11");
    let mut server = server(&lab, "server");
    let ours = server.address();
    let words = ["lookup", "a.test", "--type", "A", "--timeout", LONG, "--server", &ours];
    let mut process = lab.run(words);
    let asked = server.receive();
    let right = id_of(&asked);
    let records = record(&pointer(12), A, &[192, 0, 2, 66]);
    for number in 1..=FORGED {
        let id = right.wrapping_add(number.wrapping_mul(61));
        let forged = [header(id, 0x8180, [1, 1, 0, 0]), question("a.test", A), records.clone()];
        server.send(&forged.concat());
        if number % AT_ONCE == 0 {
            server.wait_until_read();
        }
    }
    server.send(&address(&asked, 7));
    process.expect_line("a.test. 60 A 192.0.2.7").expect_exit(0);
}

#[test]
fn six_silent_machines_and_three_workers_take_two_timeouts() {
    let lab = subject!("11");
    let Some(hole) = silent_everywhere(&lab) else { return };
    let port = hole.port().to_string();
    let found = lab.undisturbed(|factor| {
        let timeout = 0.2 * factor;
        let time = test_time_arg(timeout);
        let words = ["scan", "127.0.0.8/29", "--ports", &port, "--parallel", "3"];
        let mut process = lab.run([&words[..], &["--timeout", &time]].concat());
        let start = process.wait_until_started();
        let timeout = test_time(timeout);
        let took = process.run_time(start, timeout * 8);
        process.expect_exit(0);
        Some((took.reaches(timeout * 2)?, took.reaches(timeout * 3)?))
    });
    let Some((two, three)) = found else { return };
    lab.check(
        two && !three,
        "Six silent machines and --parallel 3 did not take two timeouts.",
        "as-many-workers-as-allowed",
        "In `in_order`, start as many workers as `parallel` says, and not more than there are jobs.",
    );
}
