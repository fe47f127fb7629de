//! Every fault script of up to five packets. Each request is executed at most once, and the total is
//! right.

use super::requests::{add_up_over, message, shown};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use testkit::faults::{Fault, all_scripts, written};
use testkit::{Subject, subject, test_time_arg};

/// How many scripts with a client run at the same time. They mostly wait.
const AT_ONCE: usize = 16;

/// How many servers share all scripts. While one works, the peer of another does.
const SERVERS: usize = 4;

#[test]
fn every_script_of_five_packets_adds_up() {
    let scripts = all_scripts(5, 5);
    assert_eq!(scripts.len(), 6_720, "These are not all scripts.");
    let take_every = |first: usize| {
        let mine: Vec<Vec<Fault>> = scripts.iter().skip(first).step_by(SERVERS).cloned().collect();
        let server = subject!("03").serve(["--reliable"]);
        add_up_over(&mut server.udp_peer("peer").shown_as(shown), &mine);
    };
    thread::scope(|scope| {
        for first in 0..SERVERS {
            scope.spawn(move || take_every(first));
        }
    });
}

#[test]
fn the_client_gets_every_answer_over_every_line_with_one_fault() {
    let scripts = all_scripts(6, 1);
    let next = AtomicUsize::new(0);
    let tell_the_next = || {
        while let Some(script) = scripts.get(next.fetch_add(1, Ordering::SeqCst)) {
            // A ladder for each script.
            add_up(&subject!("03"), script);
        }
    };
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(tell_the_next);
        }
    });
}

/// Client and server of their own, and a line between them.
fn add_up(lab: &Subject, script: &[Fault]) {
    let server = lab.serve(["--reliable"]);
    let relay = server.relay_showing(script.iter().copied(), shown);
    let (address, timeout) = (relay.address(), test_time_arg(0.1));
    let options = ["send", "--connect", &address, "--reliable", "--timeout", &timeout];
    let mut client = lab.run(options.into_iter().chain(["add 1", "add 10", "add 100"]));
    client.says("the-line-was", &format!("Accept only the answer to this request, and answer a known id from memory. The script was {}.", written(script)));
    client.expect_line("Received: total 1").expect_line("Received: total 11");
    client.expect_line("Received: total 111").expect_exit(0);
    let mut look = server.udp_peer("look").shown_as(shown);
    look.send(&message(1, "add 0")).expect(&message(1, "total 111"));
}
