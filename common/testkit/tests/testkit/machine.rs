//! Machines that allow too little: no failure there is the program's.

#[cfg(target_os = "linux")]
use crate::support::is_in_a_story;
use crate::support::{FOR_EVER, LISTENS, apart, here, shell};
use report::{Outcome, Report};
use std::net::TcpListener;
#[cfg(target_os = "linux")]
use std::{
    env,
    process::{Command, Stdio},
};

/// A server with 100 clients.
fn serve_a_crowd() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    let server = shell!(&format!("echo listening on {address}; {FOR_EVER}")).serve([]);
    let peers: Vec<_> = (0..100).map(|_| server.connect("peer")).collect();
    println!("{} peers", peers.len());
}

#[test]
fn a_low_soft_limit_of_open_files_is_raised() {
    apart!().after("ulimit -Sn 64").tell(serve_a_crowd).succeeds_with(&["100 peers"]);
}

#[test]
fn the_program_gets_the_raised_limit() {
    let told = apart!().after("ulimit -Sn 64").tell(|| {
        shell!("test $(ulimit -n) -ge 1024").run([]).expect_exit(0);
    });
    told.succeeds_with(&[]);
}

#[test]
fn a_low_hard_limit_of_open_files_is_the_machines_fault() {
    let folder = tempfile::TempDir::new().expect("a folder for temporary files");
    let file = folder.path().join("report.json");
    let path = file.to_str().expect("a plain path");
    let told = apart!().after("ulimit -n 64").with("LAB_REPORT", path).tell(serve_a_crowd);
    told.fails_with(&[
        "✗ machine › ",
        "This machine allows 64 open files for each process, and the tests need 1,024",
        "no verdict on the program.",
    ]);
    let report = Report::read(&file).expect("the report was written");
    assert!(matches!(report.outcome, Outcome::Machine { .. }), "{report:?}");
}

/// A command that gives a program few processes. The limit counts all threads of a user, so that is
/// another user, who runs nothing else. Nor does it hold for root.
/// `None`: we are not root, or this machine has no such command, or lets no other user run this program.
#[cfg(target_os = "linux")]
fn with_few_processes() -> Option<String> {
    if is_in_a_story() {
        // It runs as the other user already.
        return Some(String::new());
    }
    if !rustix::process::getuid().is_root() {
        return None;
    }
    let id = 1_000_000 + std::process::id();
    let user = format!("setpriv --reuid={id} --regid={id} --clear-groups");
    let command = format!("prlimit --nproc=40:40 {user}");
    let program = env::current_exe().expect("we are running");
    let mut trial = Command::new("sh");
    trial.args(["-c", &format!("exec {command} \"$0\" --list")]).arg(program);
    trial.stdout(Stdio::null()).stderr(Stdio::null());
    trial.status().is_ok_and(|status| status.success()).then_some(command)
}

#[test]
#[cfg(target_os = "linux")]
fn a_program_that_gets_no_process_fails_by_the_machine() {
    let Some(command) = with_few_processes() else { return };
    let told = apart!().after(&format!("exec {command} \"$@\"")).tell(|| {
        let starts = "for n in $(seq 60); do sleep 1000 & done; echo all started";
        let mut server = shell!(&format!("{LISTENS}; {starts}; {FOR_EVER}")).serve([]);
        server.expect_line("all started");
    });
    told.fails_with(&["This machine allows", "more processes and threads, and the tests need 256"]);
}

#[test]
fn a_program_that_takes_many_processes_fails_by_itself() {
    let told = apart!().tell(|| {
        let starts = "for n in $(seq 60); do sleep 1000 & done; echo all started";
        let mut server = shell!(&format!("{LISTENS}; {starts}; {FOR_EVER}")).serve([]);
        server.expect_line("something else");
    });
    told.fails_with(&["printed \"all started\\n\" on stdout where \"something else\\n\" was due"]);
}
