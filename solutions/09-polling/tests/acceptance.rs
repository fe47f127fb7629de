//! Measurements of the cost of an answer among many silent clients, of wake-ups, of fairness, and of
//! the time of a gibibyte. They print figures and judge none. They, and random conversations of which
//! the held-back tests have fewer, are run by hand on a quiet machine:
//!
//! ```sh
//! cargo test --release -p solution09 --test acceptance -- --ignored --nocapture --test-threads=1
//! ```

#![cfg(unix)]

#[path = "../../../labs/09-polling/tests/suite/clients.rs"]
#[expect(dead_code, reason = "the suite uses the rest of it")]
mod clients;
#[path = "held_back/scripts.rs"]
mod scripts;

use clients::Crowd;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};
use testkit::{Server, allow_open_files, subject};

/// How many answers are measured.
const ROUNDS: u32 = 2000;

const GIBIBYTE: u64 = 1 << 30;

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("it listens");
    stream.set_nodelay(true).expect("every TCP socket has it");
    stream
}

/// The time of a round trip, and of the server on a CPU, for each answer to one client.
fn cost_of_an_answer(server: &Server) -> (Duration, Duration) {
    let mut client = connect(server.address());
    let cpu = || server.resources().expect("Linux has /proc").cpu;
    let (before, begun) = (cpu(), Instant::now());
    for _ in 0..ROUNDS {
        client.write_all(b"echo x\n").expect("the server reads");
        client.read_exact(&mut [0; 2]).expect("the server answers");
    }
    (begun.elapsed() / ROUNDS, (cpu() - before) / ROUNDS)
}

#[test]
#[ignore = "a measurement"]
fn an_answer_among_silent_clients() {
    if !allow_open_files(11_000) {
        return subject!("09").skip("this machine does not allow so many open files");
    }
    for backend in ["poll", "epoll"] {
        for silent in [9, 999, 9999] {
            let server = subject!("09").serve(["--backend", backend, "--max-clients", "20000"]);
            let before = server.resources().expect("Linux has /proc");
            let mut crowd = Crowd::connect(&server, silent).expect("so many may be open");
            assert_eq!(crowd.say_their_numbers(), silent);
            let memory = server.resources().expect("Linux has /proc").memory - before.memory;
            let (round_trip, cpu) = cost_of_an_answer(&server);
            println!(
                "{backend:5} {silent:5} silent: round trip {round_trip:?}, CPU {cpu:?}, {} bytes a silent client",
                memory / silent
            );
        }
    }
}

/// How often the server wakes up in ten seconds, in which 1,000 clients are silent and the next timer
/// is due much later.
#[test]
#[ignore = "a measurement"]
fn wake_ups_while_nothing_happens() {
    for backend in ["poll", "epoll"] {
        let server = subject!("09").serve(["--backend", backend]);
        let mut crowd = Crowd::connect(&server, 1000).expect("so many may be open");
        assert_eq!(crowd.say_their_numbers(), 1000);
        let mut peer = server.connect("peer");
        peer.send(b"after 1000 late\n").wait_until_read();
        server.wait_until_idle();
        let now = || server.resources().expect("Linux has /proc");
        let before = now();
        peer.expect_nothing_for(Duration::from_secs(10));
        let (wakeups, cpu) = (now().wakeups - before.wakeups, now().cpu - before.cpu);
        println!("{backend:5} 1,000 silent clients: {wakeups} wake-ups and {cpu:?} of CPU in 10 s");
    }
}

/// How many requests are answered before the one of a client between two that sent 10,000 each.
#[test]
#[ignore = "a measurement"]
fn an_answer_between_busy_clients() {
    for backend in ["poll", "epoll"] {
        let mut server = subject!("09").serve(["--backend", backend]);
        let mut peers = ["first", "asking", "second"].map(|name| server.connect(name));
        server.pause();
        let busy = b"echo x\n".repeat(10_000);
        for (peer, bytes) in peers.iter_mut().zip([&busy[..], b"stats\n", &busy]) {
            peer.send(bytes);
        }
        server.resume();
        println!("{backend:5} between two busy clients: {}", peers[1].line());
    }
}

#[test]
#[ignore = "takes long"]
fn two_hundred_random_conversations() {
    scripts::conversations(&subject!("09"), 200);
}

/// How long it takes to read a gibibyte from `stream`.
fn time_of_a_gibibyte(mut stream: TcpStream) -> Duration {
    let begun = Instant::now();
    let (mut left, mut buffer) = (GIBIBYTE, vec![0; 256 * 1024]);
    while left > 0 {
        left -= stream.read(&mut buffer).expect("the server sends") as u64;
    }
    begun.elapsed()
}

/// A thread that writes a gibibyte and waits at each write: the simplest server.
fn blocking_server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let address = listener.local_addr().expect("it is bound");
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client comes");
        let chunk = vec![b'x'; 64 * 1024];
        for _ in 0..GIBIBYTE / chunk.len() as u64 {
            stream.write_all(&chunk).expect("the client reads");
        }
    });
    address
}

#[test]
#[ignore = "a measurement"]
fn a_gibibyte() {
    for _ in 0..3 {
        let server = subject!("09").serve([]);
        let mut client = connect(server.address());
        client.write_all(format!("bytes {GIBIBYTE}\n").as_bytes()).expect("the server reads");
        let ours = time_of_a_gibibyte(client);
        let peak = server.resources().expect("Linux has /proc").peak_memory;
        let blocking = time_of_a_gibibyte(connect(blocking_server()));
        println!(
            "a gibibyte: {ours:?} from the loop (peak memory {} KiB), {blocking:?} from a blocking thread",
            peak / 1024
        );
    }
}
