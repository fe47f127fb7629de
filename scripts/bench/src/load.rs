//! The load: clients that send messages and wait for the answers.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Length of a message with its newline.
pub const MESSAGE_LEN: usize = 64;

/// The server's answer to each message.
const ANSWER: &[u8] = b"accepted\n";

/// How a client sends its messages.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Its name in the report.
    pub name: &'static str,
    /// How many messages it sends before it waits for their answers.
    pub batch: usize,
}

/// Lets `clients` talk to `server` for `time`, and returns the number of answers received in a
/// second.
pub fn run(server: SocketAddr, clients: usize, shape: Shape, time: Duration) -> f64 {
    let (start, stop) = (Barrier::new(clients + 1), AtomicBool::new(false));
    let (start, stop) = (&start, &stop);
    thread::scope(|scope| {
        let talks = (0..clients).map(|_| scope.spawn(move || talk(server, shape, start, stop)));
        let talks: Vec<_> = talks.collect();
        start.wait();
        let began = Instant::now();
        // The measurement takes a fixed time, so this sleep waits for no event.
        thread::sleep(time);
        stop.store(true, Ordering::Relaxed);
        let answers: usize = talks.into_iter().map(|talk| talk.join().expect("it talks")).sum();
        answers as f64 / began.elapsed().as_secs_f64()
    })
}

fn talk(server: SocketAddr, shape: Shape, start: &Barrier, stop: &AtomicBool) -> usize {
    let mut stream = TcpStream::connect(server).expect("the server listens");
    stream.set_nodelay(true).expect("TCP has TCP_NODELAY");
    let mut message = vec![b'm'; MESSAGE_LEN - 1];
    message.push(b'\n');
    let (question, wanted) = (message.repeat(shape.batch), ANSWER.repeat(shape.batch));
    let mut answer = vec![0; wanted.len()];
    let mut answers = 0;
    start.wait();
    while !stop.load(Ordering::Relaxed) {
        stream.write_all(&question).expect("the server reads");
        stream.read_exact(&mut answer).expect("the server answers");
        assert_eq!(answer, wanted, "the server answers as the protocol says");
        answers += shape.batch;
    }
    answers
}
