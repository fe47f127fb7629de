//! A program that cannot start is reported before it is measured.

use std::time::Duration;

use compare::candidate::{Candidate, Origin};
use compare::plan::Plan;
use compare::trial;
use lab::error::{Error, Exit};
use manifest::Shape;

fn start(origin: Origin, command: &[&str]) -> Result<(), Error> {
    let command = command.iter().map(|word| (*word).to_owned()).collect();
    let candidate = Candidate { name: "server".to_owned(), command, src: None, origin };
    let time = Duration::from_secs(1);
    let plan = Plan { shape: Shape::Lines, clients: 1, message_bytes: 64, in_flight: 1, time };
    trial::start_each(&[candidate], &plan)
}

#[test]
fn the_origin_of_a_program_that_cannot_start_decides_the_exit_status() {
    let table = [
        (Origin::Yours, Exit::WorkFails),
        (Origin::With, Exit::Usage),
        (Origin::Model, Exit::ToolFails),
        (Origin::Peer, Exit::ToolFails),
    ];
    for (origin, exit) in table {
        let error = start(origin, &["/no/such/program"]).expect_err("there is none");
        assert_eq!(error.exit(), exit, "{error}");
        let wanted = "error: cannot measure server: cannot start: ";
        assert!(error.to_string().starts_with(wanted), "{error}");
    }
}

#[test]
#[cfg(unix)]
fn a_program_that_listens_can_be_measured() {
    let script = "echo listening on 127.0.0.1:7002; exec sleep 60";
    start(Origin::With, &["sh", "-c", script]).expect("it listens");
}

#[test]
#[cfg(unix)]
fn a_program_that_ends_is_reported_with_its_last_line() {
    let error = start(Origin::With, &["sh", "-c", "echo no such file: nosuch.py >&2; exit 2"]);
    let error = error.expect_err("it ended").to_string();
    assert!(error.ends_with("ended (exit status: 2): no such file: nosuch.py"), "{error}");
}
