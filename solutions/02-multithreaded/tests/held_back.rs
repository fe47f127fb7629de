//! Tests that only the instructor has: crowds, shortages, and peers that nobody here wrote.

#[path = "held_back/crowd.rs"]
mod crowd;

use common::subject;
use common::testkit::{
    ClosedPort, Deadline, Peer, Resources, Server, allow_open_files, poll_until,
};
use crowd::Crowd;
use std::env;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const NO_PROC: &str = "no /proc to see resources in";

#[test]
fn a_thousand_clients_and_a_hundred_thousand_messages() {
    let lab = subject!("02");
    if !allow_open_files(4096) {
        return lab.skip("this user may not open 4,096 files");
    }
    let server = lab.serve(["--max-clients", "1001"]);
    let mut observer = server.connect("observer");
    // What a first crowd leaves behind (stacks kept for reuse, arenas) is the baseline.
    Crowd::join(&server, 100).talk(1);
    wait_for_stats(&mut observer, "clients 1, messages 100");
    let Some(before) = server.resources() else {
        return server.skip(NO_PROC);
    };

    let mut crowd = Crowd::join(&server, 1000);
    crowd.talk(100);
    observer.send(b"stats\n").expect(b"clients 1001, messages 100100\n");
    let thick = server.resources();
    drop(crowd);
    wait_for_stats(&mut observer, "clients 1, messages 100100");
    is_back(&server, &before, thick);
}

#[test]
fn a_pool_is_exact_too() {
    let lab = subject!("02");
    if !allow_open_files(2048) {
        return lab.skip("this user may not open 2,048 files");
    }
    let server = lab.serve(["--workers", "4", "--max-clients", "300"]);
    let crowds: Vec<_> = (0..4).map(|_| Crowd::join(&server, 50)).collect();
    // Each leaves when it has talked: four at a time are served, in whichever order.
    for mut crowd in crowds {
        crowd.say(100);
        crowd.leave_after(100);
    }
    let mut observer = server.connect("observer");
    wait_for_stats(&mut observer, "clients 1, messages 20000");
}

#[test]
fn sixty_four_descriptors_and_two_hundred_clients() {
    let lab = subject!("02").limit_open_files(64);
    if !cfg!(target_os = "linux") {
        return lab.skip(NO_PROC);
    }
    let mut server = lab.serve([]);
    let idle = server.resources().expect("Linux has /proc");
    // Who fits is served; the others wait in the kernel's queue, and some before it.
    let mut inside = Crowd::join(&server, 64 - idle.descriptors);
    inside.talk(10);
    let outside = Crowd::knock(server.address(), 200 - (64 - idle.descriptors));
    server.expect_log("cannot accept");
    let before = server.resources().expect("Linux has /proc");
    inside.waits_in_vain(Duration::from_secs(1));
    let spent = server.resources().expect("Linux has /proc").cpu - before.cpu;
    server.check(
        spent < Duration::from_millis(50),
        &format!("Without a descriptor the server spent {spent:?} of a second on a CPU."),
        "pause before the next try",
    );
    inside.talk(10);
    drop(inside);
    let served = outside.served();
    server.check(
        served == 200 - (64 - idle.descriptors),
        &format!("Those who were here left, and of the others {served} were served."),
        "when there are descriptors again, accept again",
    );
}

#[test]
fn ctrl_c_is_heard_when_one_descriptor_is_left() {
    let lab = subject!("02").limit_open_files(20);
    let mut server = lab.serve([]);
    let Some(idle) = server.resources() else {
        return server.skip(NO_PROC);
    };
    // accept(2) takes the last descriptor while it waits: none is left to wake it with.
    let mut inside = Crowd::join(&server, 20 - idle.descriptors - 1);
    inside.talk(1);
    let began = Instant::now();
    server.interrupt();
    server.expect_stopped();
    server.check(began.elapsed() < Duration::from_millis(1200), "It took force.", "keep a spare");
}

#[test]
fn without_threads_it_goes_on() {
    // RLIMIT_NPROC counts the threads of a user, and not at all those of root: so another user.
    let program = env::var("LAB_SUBJECT").ok();
    let program = program.as_deref().or(option_env!("CARGO_BIN_EXE_solution02"));
    let stranger = ["setpriv", "--reuid=64321", "--clear-groups"];
    let may = Command::new(stranger[0])
        .args(&stranger[1..])
        .args(["test", "-x", program.unwrap_or_default()])
        .status();
    if !may.is_ok_and(|status| status.success()) {
        return subject!("02").skip("the program cannot be run as another user");
    }
    let limited = ["bash", "-c", "ulimit -u 40 && exec \"$@\"", "bash"];
    let mut server = subject!("02")
        .inside(&[&stranger[..], &limited[..]].concat())
        .serve(["--max-clients", "500"]);
    let crowd = Crowd::join(&server, 60);
    server.expect_log(": the system has no thread left for it");
    drop(crowd);
    let served = poll_until(Deadline::usual(), || {
        let mut answer = String::new();
        let mut late = TcpStream::connect(server.address()).expect("it listens");
        let said = late.write_all(b"close\n").and_then(|()| late.read_to_string(&mut answer));
        said.is_ok() && answer == "closed\n"
    });
    server.check(served, "When threads are there again, nobody is served.", "spawn can fail");
}

#[test]
fn a_rude_crowd_disturbs_nobody() {
    let server = subject!("02").serve([]);
    let mut bystander = server.connect("bystander");
    let mut deaf: Vec<Peer> = (0..3).map(|_| server.connect_deaf("deaf")).collect();
    for deaf in &mut deaf {
        deaf.send_until_stuck(&b"\n".repeat(4096), 64 << 20);
    }
    for _ in 0..10 {
        let mut resets = server.connect("resets");
        resets.send(b"hello\nhal").expect(b"accepted\n");
        server.connect("floods").send(&vec![b'x'; 2 << 20]);
        server.connect("binary").send(&[0xff; 512]).send(b"\n").expect(b"accepted\n");
        resets.reset();
        bystander.send(b"hello\r\n").expect(b"accepted\n");
    }
    drop(deaf);
    let mut told = String::new();
    poll_until(Deadline::usual(), || {
        told = bystander.send(b"stats\n").line();
        told.starts_with("clients 1, ")
    });
    server.check(told.starts_with("clients 1, "), &format!("At the end {told}."), "count out");
}

#[test]
fn a_crowd_that_is_turned_away_costs_little() {
    let lab = subject!("02");
    if !allow_open_files(2048) {
        return lab.skip("this user may not open 2,048 files");
    }
    let server = lab.serve(["--max-clients", "1"]);
    let mut inside = server.connect("inside");
    inside.send(b"hello\n").expect(b"accepted\n");
    // They stay, and keep their side open.
    let refused = Crowd::join(&server, 300);
    inside.send(b"hello\n").expect(b"accepted\n");
    if let Some(now) = server.resources() {
        server.check(
            now.threads <= 64 + 4,
            &format!("300 clients are turned away by {} threads.", now.threads),
            "who is leaving costs a thread: bound their number",
        );
    }
    inside.send(b"close\n").expect(b"closed\n");
    server.connect("next").send(b"hello\n").expect(b"accepted\n");
    drop(refused);
}

#[test]
fn a_long_answer_is_finished_after_sigterm() {
    // More answers than the buffers between us can hold: the server is in the middle of a write.
    const MESSAGES: usize = 500_000;
    let mut server = subject!("02").serve([]);
    let mut deaf = server.connect_deaf("deaf");
    deaf.send(&b"\n".repeat(MESSAGES));
    server.wait_until_idle();
    if !server.terminate() {
        return server.skip("this system has no signals");
    }
    deaf.expect(&b"accepted\n".repeat(MESSAGES)).expect_end();
    drop(deaf);
    server.expect_stopped();
}

#[test]
fn who_never_reads_holds_up_the_end_for_two_seconds() {
    let mut server = subject!("02").serve(["--workers", "2"]);
    let mut deaf = server.connect_deaf("deaf");
    deaf.send(&b"\n".repeat(500_000));
    server.wait_until_idle();
    let began = Instant::now();
    if !server.interrupt() {
        return server.skip("this system has no signals");
    }
    let ended =
        poll_until(Deadline::after(Duration::from_secs(4)), || server.resources().is_none());
    server.check(ended && began.elapsed() < Duration::from_secs(3), "It waits on.", "two seconds");
}

#[test]
fn addresses_that_cannot_be_had_are_one_line_errors() {
    let lab = subject!("02");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("bound").to_string();
    let wanted = ["cannot listen on", &address, "address already in use"];
    lab.try_serve_as("serve", &address, []).expect_error(&wanted);
    let closed = ClosedPort::new().address();
    let wanted = ["cannot connect to", &closed, "connection refused"];
    lab.run(["send", "--connect", &closed, "hello"]).expect_error(&wanted);
    for wrong in [["--workers", "0"], ["--max-clients", "0"], ["--framing", "words"]] {
        lab.try_serve_as("serve", "127.0.0.1:0", wrong).expect_exit(2);
    }
}

#[test]
fn netcat_and_python_talk_to_the_server() {
    let server = subject!("02").serve([]);
    let port = server.address().port().to_string();
    let python = "import socket,sys; s=socket.create_connection(('127.0.0.1',int(sys.argv[1]))); \
                  f=s.makefile('rwb'); f.write(b'one\\r\\ntwo\\nclose\\n'); f.flush(); \
                  sys.stdout.buffer.write(f.read())";
    for command in [["python3", "-c", python].as_slice(), &["nc", "127.0.0.1"]] {
        let Some(said) = talk_with(command, &port, b"one\r\ntwo\nclose\n") else {
            server.skip(&format!("this machine has no {}", command[0]));
            continue;
        };
        let right = said.ends_with("accepted\naccepted\nclosed\n");
        server.check(right, &format!("{} heard {said:?}.", command[0]), "lines, as they come");
    }
}

#[test]
fn the_client_talks_to_a_python_server() {
    let lab = subject!("02");
    let script = "import socket; l=socket.create_server(('127.0.0.1',0)); \
                  print(l.getsockname()[1],flush=True); c,_=l.accept(); f=c.makefile('rwb')\n\
                  for line in f: f.write(line.upper()); f.flush()";
    let python = Command::new("python3").args(["-c", script]).stdout(Stdio::piped()).spawn();
    let Ok(mut python) = python else {
        return lab.skip("this machine has no python3");
    };
    let mut port = Vec::new();
    let mut stdout = python.stdout.take().expect("it is piped");
    while !port.ends_with(b"\n") {
        let mut byte = [0];
        stdout.read_exact(&mut byte).expect("it prints its port");
        port.push(byte[0]);
    }
    let address = format!("127.0.0.1:{}", String::from_utf8_lossy(&port).trim());
    let mut client = lab.run(["send", "--connect", &address, "hello", "", "caf\u{e9}"]);
    client.expect_line("Received: HELLO").expect_line("Received: ");
    client.expect_output("Received: CAF".as_bytes());
    client.expect_exit(0);
    python.wait().expect("it ends when the client has finished");
}

/// What `command PORT` prints when `input` is typed; `None` if there is no such command.
fn talk_with(command: &[&str], port: &str, input: &[u8]) -> Option<String> {
    let mut child = Command::new(command[0])
        .args(&command[1..])
        .arg(port)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let (mut stdin, mut stdout) = (child.stdin.take()?, child.stdout.take()?);
    stdin.write_all(input).expect("it reads what is typed");
    // Not all end when the server has closed, as long as somebody may type.
    let mut said = Vec::new();
    let mut byte = [0];
    while !said.ends_with(b"closed\n") && stdout.read(&mut byte).is_ok_and(|count| count > 0) {
        said.push(byte[0]);
    }
    drop(stdin);
    child.wait().expect("it was started");
    Some(String::from_utf8_lossy(&said).into_owned())
}

fn wait_for_stats(observer: &mut Peer, wanted: &str) {
    let line = format!("{wanted}\n");
    let mut told = String::new();
    let reached = poll_until(Deadline::after(Duration::from_secs(10)), || {
        told = observer.send(b"stats\n").line();
        told == wanted
    });
    if !reached {
        observer.says("all have left, and all that they said was counted").send(b"stats\n");
        observer.expect(line.as_bytes());
    }
}

/// Threads and descriptors to the last one; of the memory of 1,000 clients most.
fn is_back(server: &Server, before: &Resources, thick: Option<Resources>) {
    let now = || server.resources().expect("it was there before");
    let same =
        |now: Resources| (now.threads, now.descriptors) == (before.threads, before.descriptors);
    let is_same = poll_until(Deadline::usual(), || same(now()));
    let (now, grown) = (now(), now().memory.saturating_sub(before.memory));
    server.check(
        is_same && grown < 2 << 20,
        &format!("before: {before:?}, with 1,000 clients: {thick:?}, after: {now:?}"),
        "who holds what a client had?",
    );
}
