//! Speed beside a plain sendfile loop in the same run, and memory. Run it by hand:
//!
//! ```sh
//! TMPDIR=/dev/shm cargo test --release -p solution07 --test benchmark -- \
//!     --ignored --nocapture --test-threads=1
//! ```
//!
//! /dev/shm is memory, of which 3 GiB are needed. On a disk, the disk would be the limit.
//!
//! A GiB goes over loopback in less than a second, and every other program on the machine changes
//! the figures. So both sides of a comparison take turns in pairs, each of them first equally
//! often, and the median of the pairs counts.

#![cfg(target_os = "linux")]

use sha2::{Digest, Sha256};
use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use testkit::{PairedBench, Server, Subject, TempDir, subject};

const SIZE: u64 = 1 << 30;
const ROUNDS: usize = 10;
const BUFFER: usize = 256 * 1024;

/// The promise: most memory on either side, and the speed beside the plain loop.
const MEMORY: usize = 16 << 20;
const SPEED: f64 = 0.9;

/// The shared folder with one file, and a folder for the received file.
struct Bench {
    lab: Subject,
    folder: TempDir,
    sum: String,
}

impl Bench {
    fn new(lab: Subject) -> Bench {
        let folder = lab.folder();
        fs::create_dir(folder.path().join("shared")).expect("the folder is ours");
        let bench = Bench { lab, folder, sum: String::new() };
        let sum = write_noise(&bench.source()).expect("there is room for a GiB, twice");
        Bench { sum, ..bench }
    }

    fn source(&self) -> PathBuf {
        self.folder.path().join("shared/large")
    }

    fn target(&self) -> PathBuf {
        self.folder.path().join("arrived")
    }

    fn serve(&self) -> Server {
        let root = self.folder.path().join("shared");
        self.lab.serve(["--root", &root.to_string_lossy()])
    }
}

/// Writes a GiB that has no holes and cannot be compressed, and returns its sum.
fn write_noise(path: &Path) -> io::Result<String> {
    let (mut file, mut sum, mut state) = (File::create(path)?, Sha256::new(), 1_u64);
    let mut chunk = vec![0; 1 << 20];
    for _ in 0..SIZE >> 20 {
        for word in chunk.chunks_mut(8) {
            // xorshift64 (Marsaglia, 2003).
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            word.copy_from_slice(&state.to_le_bytes());
        }
        file.write_all(&chunk)?;
        sum.update(&chunk);
    }
    file.sync_all()?;
    Ok(hex(&sum.finalize()))
}

fn sum_of(path: &Path) -> io::Result<String> {
    let (mut file, mut sum, mut chunk) = (File::open(path)?, Sha256::new(), vec![0; BUFFER]);
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(hex(&sum.finalize())),
            count => sum.update(&chunk[..count]),
        }
    }
}

/// How long it takes to sum two files at the same time, as both sides do after the last byte.
fn sum_both(one: &Path, other: &Path) -> Duration {
    let begun = Instant::now();
    thread::scope(|scope| {
        for path in [one, other] {
            scope.spawn(|| sum_of(path).expect("it is there"));
        }
    });
    begun.elapsed()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The plain server: SIZE, the file by sendfile(2), and then `answer` to the next line, if there is
/// one.
fn plain_server(source: &Path, answer: &str) -> io::Result<(String, JoinHandle<io::Result<()>>)> {
    let (listener, file) = (TcpListener::bind("127.0.0.1:0")?, File::open(source)?);
    let (address, answer) = (listener.local_addr()?.to_string(), answer.to_owned());
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept()?;
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        lines.next();
        stream.write_all(format!("{SIZE}\n").as_bytes())?;
        let mut left = SIZE as usize;
        while left > 0 {
            left -= rustix::fs::sendfile(&stream, &file, None, left)?;
        }
        if lines.next().is_some() {
            stream.write_all(answer.as_bytes())?;
        }
        Ok(())
    });
    Ok((address, server))
}

/// The plain client, which requests the file and receives it into `sink`.
fn receive(address: &str, sink: &mut impl Write) -> io::Result<Duration> {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(b"large\n")?;
    let (mut buffer, mut wanted) = (vec![0; BUFFER], SIZE + format!("{SIZE}\n").len() as u64);
    while wanted > 0 {
        let count = stream.read(&mut buffer)?;
        assert!(count > 0, "cut short");
        sink.write_all(&buffer[..count])?;
        wanted -= count as u64;
    }
    Ok(begun.elapsed())
}

fn from_plain_server(bench: &Bench, sink: &mut impl Write) -> Duration {
    let (address, server) = plain_server(&bench.source(), "").expect("loopback works");
    let time = receive(&address, sink).expect("it is sent");
    server.join().expect("it does not panic").expect("it is sent");
    time
}

/// The time until `get` has all bytes in its file and requests the sum.
fn get_from_plain_server(bench: &Bench) -> (Duration, usize) {
    let answer = format!("{}\n", bench.sum);
    let (address, server) = plain_server(&bench.source(), &answer).expect("loopback works");
    let (time, _, memory) = run_get(bench, &address);
    server.join().expect("it does not panic").expect("it is sent");
    (time, memory)
}

/// Runs `get`: the time until its bytes have arrived, until it has ended, and its peak memory.
fn run_get(bench: &Bench, address: &str) -> (Duration, Duration, usize) {
    let out = bench.target();
    // Removing the old file takes time, which is not measured.
    let _ = fs::remove_dir_all(&out);
    fs::create_dir(&out).expect("the folder is ours");
    let program = env!("CARGO_BIN_EXE_solution07");
    let mut command = Command::new(program);
    command.args(["get", "--connect", address, "large", "--out"]).arg(&out);
    let begun = Instant::now();
    let mut client = command.stdout(std::process::Stdio::null()).spawn().expect("it is built");
    let (mut arrived, mut memory) = (None, 0);
    let status = loop {
        if let Some(status) = client.try_wait().expect("it is ours") {
            break status;
        }
        let there = fs::metadata(out.join("large.part")).map_or(0, |part| part.len());
        arrived = arrived.or((there == SIZE).then(|| begun.elapsed()));
        memory = memory.max(peak_memory(client.id()));
        // Not more often, because each look takes time, and both cores may be busy.
        thread::park_timeout(Duration::from_millis(5));
    };
    process_tree::kill_test_process(client.id());
    assert!(status.success(), "get failed: {status}");
    (arrived.unwrap_or(begun.elapsed()), begun.elapsed(), memory)
}

fn peak_memory(pid: u32) -> usize {
    testkit::Resources::of(pid).map_or(0, |resources| resources.peak_memory)
}

/// Measures with memory that the machine has. A new file of a GiB needs a GiB of new pages, and a
/// virtual machine may have to ask its host for each of them. That takes longer than the transfer,
/// and a different time in each run. So the same amount is used and freed just before.
fn warm(measure: &mut impl FnMut() -> Duration) -> Duration {
    let pages = vec![1_u8; (SIZE + SIZE / 4) as usize];
    std::hint::black_box(&pages);
    drop(pages);
    measure()
}

/// Measures both by turns, prints the comparison, and returns how fast we are beside the plain one.
fn compare(
    what: &str,
    mut ours: impl FnMut() -> Duration,
    mut plain: impl FnMut() -> Duration,
) -> f64 {
    let rate = |time: Duration| SIZE as f64 / time.as_secs_f64() / 1e6;
    let pairs = PairedBench::measure(ROUNDS, || rate(warm(&mut ours)), || rate(warm(&mut plain)));
    let (ours, plain, ratio) = (pairs.one(), pairs.other(), pairs.ratio());
    println!("{what:44} {ours:6.0} MB/s, plain {plain:6.0} MB/s: {ratio:.2}");
    let each: Vec<String> = pairs.ratios().map(|ratio| format!("{ratio:.2}")).collect();
    println!("{:44} {}", "", each.join(" "));
    ratio
}

#[test]
#[ignore = "a benchmark: --release, --ignored, and nothing else on the machine"]
fn a_gib_is_sent_as_fast_as_by_a_plain_sendfile_loop() {
    let bench = Bench::new(subject!("07"));
    let server = bench.serve();
    let address = server.address().to_string();
    let ratio = compare(
        "serve, to a client that throws it away",
        || receive(&address, &mut io::sink()).expect("it is sent"),
        || from_plain_server(&bench, &mut io::sink()),
    );
    let memory = server.resources().map_or(0, |resources| resources.peak_memory);
    println!("peak memory: serve {} KiB", memory >> 10);
    assert!(memory < MEMORY, "memory");
    assert!(ratio >= SPEED, "slower than {SPEED} of the plain loop");
}

#[test]
#[ignore = "a benchmark: --release, --ignored, and nothing else on the machine"]
fn a_gib_is_received_as_fast_as_by_a_plain_read_loop() {
    let bench = Bench::new(subject!("07"));
    let server = bench.serve();
    let address = server.address().to_string();
    let copy = bench.folder.path().join("plain");
    let file = || File::create(&copy).expect("the folder is ours");
    let memory = Cell::new(0);
    let ratio = compare(
        "get, until the bytes are in its file",
        || {
            let (time, peak) = get_from_plain_server(&bench);
            memory.set(peak.max(memory.get()));
            time
        },
        || from_plain_server(&bench, &mut file()),
    );
    let exact = compare(
        "serve and get, and a sum at either end",
        || {
            let (_, all, peak) = run_get(&bench, &address);
            memory.set(peak.max(memory.get()));
            all
        },
        || from_plain_server(&bench, &mut file()) + sum_both(&bench.source(), &copy),
    );
    let memory = memory.get();
    println!("peak memory: get {} KiB", memory >> 10);
    let arrived = sum_of(&bench.target().join("large")).expect("it has arrived");
    assert_eq!(arrived, bench.sum, "the received file differs from the sent one");
    assert!(memory < MEMORY, "memory");
    assert!(ratio >= SPEED && exact >= SPEED, "slower than {SPEED} of the plain loop");
}
