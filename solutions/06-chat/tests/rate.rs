//! How fast a room is, with and without a member that never reads. This measurement judges the
//! machine as much as the server, so it is no test. Run it by hand:
//!
//! ```sh
//! cargo test --release -p solution06 --test rate -- --ignored --nocapture
//! ```

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Instant;
use testkit::{PairedBench, Peer, Server, subject};

/// The number of members that read, of lines that each of them sends, and of measurements.
const MEMBERS: usize = 99;
const SAID: usize = 2000;
const RUNS: usize = 6;

#[test]
#[ignore = "a measurement: it judges the machine as much as the server"]
fn the_rate_of_a_room_with_and_without_one_who_never_reads() {
    let pairs = PairedBench::measure(RUNS, || rate(true), || rate(false));
    println!("lines a second that {MEMBERS} members receive, median of {RUNS} runs");
    println!("one never reads:          {:>9.0}", pairs.one());
    println!("without:                  {:>9.0}", pairs.other());
    println!("ratio of the pairs:       {:>9.2}", pairs.ratio());
}

/// Lines a second, when all members send all their lines at the same moment.
fn rate(with_deaf: bool) -> f64 {
    let server = subject!("06").serve([]);
    let mut deaf = with_deaf.then(|| server.connect_non_reading("deaf"));
    deaf.iter_mut().for_each(enter_deaf);
    let members: Vec<TcpStream> = (0..MEMBERS).map(|number| enter(&server, number)).collect();
    let start = Instant::now();
    let goodbyes: usize = thread::scope(|scope| {
        for mut member in &members {
            let talk = format!("talk {}\n", "x".repeat(75)).repeat(SAID);
            scope.spawn(move || member.write_all(talk.as_bytes()).expect("the server reads"));
        }
        let listen = |member| scope.spawn(move || listen(member));
        let listeners: Vec<_> = members.iter().map(listen).collect();
        listeners.into_iter().map(|listener| listener.join().expect("all lines came")).sum()
    });
    let seconds = start.elapsed().as_secs_f64();
    let expected = if with_deaf { MEMBERS } else { 0 };
    assert_eq!(
        goodbyes, expected,
        "each member receives one goodbye of the member that does not read"
    );
    (MEMBERS * (MEMBERS - 1) * SAID) as f64 / seconds
}

fn enter_deaf(deaf: &mut Peer) {
    deaf.send(b"deaf\n").expect(b"Enter your name: Welcome, deaf. Here: nobody else\n");
}

/// A member without the kit's transcript, which would be measured as well.
fn enter(server: &Server, number: usize) -> TcpStream {
    let mut stream = TcpStream::connect(server.address()).expect("it listens");
    stream.write_all(format!("member{number}\n").as_bytes()).expect("it reads");
    // One byte at a time, so that the bytes behind the welcome stay in the socket.
    let mut welcome = BufReader::with_capacity(1, &stream);
    welcome.read_until(b'\n', &mut Vec::new()).expect("it answers");
    stream
}

/// Receives all lines of the other members. Returns the number of goodbyes.
fn listen(member: &TcpStream) -> usize {
    let mut lines = BufReader::with_capacity(256 * 1024, member);
    let (mut line, mut talk, mut goodbyes) = (Vec::new(), 0, 0);
    while talk < (MEMBERS - 1) * SAID {
        line.clear();
        assert!(lines.read_until(b'\n', &mut line).expect("it goes on") > 0, "the end: dropped");
        talk += usize::from(line.windows(7).take(12).any(|part| part == b": talk "));
        goodbyes += usize::from(line.ends_with(b" left the chat\n"));
    }
    goodbyes
}
