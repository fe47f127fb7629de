//! tshark reads the captures of all tests of all labs, as the model answers pass them.
//!
//! ```text
//!   suite of solutionNN, LAB_TRACE ──▶ reports ──▶ one capture for each lab ──▶ tshark
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use lab::command::strip_cargo_variables;
use report::bytes::{show, show_all};
use report::{Direction, Event, Ladder, Report, Trace, Transport};

/// What Wireshark warns of whenever a connection is reset, which tests do.
const RESET: &str = "Connection reset (RST)";

/// The labs whose captures are read. Lab 05 speaks TLS.
const LABS: [&str; 7] = ["01", "02", "03", "04", "05", "06", "07"];
const TLS: &str = "05";

#[test]
#[ignore = "runs all suites, and needs tshark: CI runs it"]
fn tshark_reads_every_test_of_every_lab() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    for lab in LABS {
        let begun = std::time::Instant::now();
        let reports = reports(lab);
        assert!(reports.len() > 10, "lab {lab} has {} reports", reports.len());
        let file = folder.path().join(format!("{lab}.pcapng"));
        let captures: Vec<Vec<u8>> = reports.iter().filter_map(trace::capture::pcapng).collect();
        // A file of several sections is a capture, too.
        fs::write(&file, captures.concat()).expect("written");
        assert_no_warning(lab, &file);
        let traces: Vec<&Trace> = reports.iter().filter_map(|it| it.trace.as_ref()).collect();
        let streams: Vec<Stream> = traces.iter().flat_map(|it| Stream::all(it)).collect();
        assert_streams(lab, &file, &streams);
        assert_datagrams(lab, &file, &traces);
        for report in &reports {
            assert_ladder(report);
        }
        println!(
            "lab {lab}: {} tests, {} connections, {:?}",
            captures.len(),
            streams.len(),
            begun.elapsed()
        );
    }
}

/// What the tests of a lab report.
fn reports(lab: &str) -> Vec<Report> {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["test", "--quiet", "--package", &format!("solution{lab}"), "--test", "suite"]);
    strip_cargo_variables(&mut cargo);
    let output = cargo.env("LAB_TRACE", "1").env("LAB_REPORT", folder.path()).output();
    let output = output.expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let files = fs::read_dir(folder.path()).expect("it is a folder");
    let mut files: Vec<PathBuf> = files.flatten().map(|entry| entry.path()).collect();
    files.sort();
    files.iter().map(|file| Report::read(file).expect("a report")).collect()
}

/// The bytes of one connection, first those that its client sent.
#[derive(Debug, Default)]
struct Stream {
    wire: [Vec<u8>; 2],
    client_port: u16,
    /// Of TLS, decrypted. In another connection, the same as on the wire.
    plain: [Vec<u8>; 2],
    is_tls: bool,
    /// Whether the trace has all of them.
    is_whole: bool,
}

impl Stream {
    /// The TCP connections of `trace`, in the order in which they begin.
    fn all(trace: &Trace) -> Vec<Stream> {
        let indices = 0..trace.connections.len();
        let is_tcp = |index: &usize| trace.connections[*index].transport == Transport::Tcp;
        indices.filter(is_tcp).map(|index| Stream::of(trace, index)).collect()
    }

    fn of(trace: &Trace, connection: usize) -> Stream {
        let addresses = &trace.connections[connection];
        let client_port = match client(trace, connection) {
            Direction::FromProgram => addresses.program_address.port(),
            Direction::ToProgram | Direction::Note => addresses.peer_address.port(),
        };
        let mut stream = Stream { is_whole: true, client_port, ..Stream::default() };
        let mut has_ended = [false; 2];
        let client = client(trace, connection);
        let packets = trace.packets.iter().filter(|packet| packet.connection == connection);
        for packet in packets {
            let side = usize::from(packet.direction != client);
            match &packet.event {
                Event::Connect | Event::StartTls(_) | Event::CloseNotify => (),
                Event::Fin => has_ended[side] = true,
                Event::Reset => has_ended = [true; 2],
                Event::Bytes(_) if has_ended[side] => (),
                Event::Bytes(bytes) => {
                    stream.wire[side].extend(bytes.wire());
                    stream.plain[side].extend(&bytes.plain);
                    stream.is_tls |= bytes.encrypted.is_some();
                    stream.is_whole &= bytes.wire().len() == bytes.wire_len;
                }
            }
        }
        stream
    }
}

/// The direction of the first packet of a connection.
fn client(trace: &Trace, connection: usize) -> Direction {
    let first = trace.packets.iter().find(|packet| packet.connection == connection);
    first.map_or(Direction::ToProgram, |packet| packet.direction)
}

fn tshark(lab: &str, file: &Path, words: &[String]) -> String {
    let mut tshark = Command::new("tshark");
    tshark.arg("-r").arg(file).args(words);
    // Ports are random, and some belong to protocols of which Wireshark would find our bytes wrong.
    let protocol = if lab == TLS { "tls" } else { "data" };
    tshark.args(["-d", &format!("tcp.port==1-65535,{protocol}")]);
    tshark.args(["-d", "udp.port==1-65535,data"]);
    let output = tshark.output().expect("tshark is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Errors and warnings stand in tables, below their headings.
fn assert_no_warning(lab: &str, file: &Path) {
    let text = tshark(lab, file, &words(&["-q", "-z", "expert,warn"]));
    let is_row = |line: &&str| line.trim().starts_with(|sign: char| sign.is_ascii_digit());
    let warnings = text.lines().filter(is_row).filter(|line| !line.ends_with(RESET));
    let warnings: Vec<&str> = warnings.collect();
    assert!(warnings.is_empty(), "lab {lab}: {warnings:#?}");
}

fn assert_streams(lab: &str, file: &Path, streams: &[Stream]) {
    let follow = |protocol: &str| {
        let stream = |index| ["-z".to_owned(), format!("follow,{protocol},raw,{index}")];
        let mut words = vec!["-q".to_owned()];
        words.extend((0..streams.len()).flat_map(stream));
        followed(&tshark(lab, file, &words), streams)
    };
    for (index, (stream, followed)) in streams.iter().zip(follow("tcp")).enumerate() {
        if stream.is_whole {
            assert_same(lab, index, &followed, &stream.wire);
        }
    }
    if lab == TLS {
        for (index, (stream, followed)) in streams.iter().zip(follow("tls")).enumerate() {
            if stream.is_tls {
                assert_same(lab, index, &followed, &stream.plain);
            }
        }
    }
}

fn assert_same(lab: &str, index: usize, followed: &[Vec<u8>; 2], wanted: &[Vec<u8>; 2]) {
    if followed != wanted {
        panic!("lab {lab}, stream {index}: {} and not {}", show_all(followed), show_all(wanted));
    }
}

/// The bytes in each direction of every stream, as tshark prints them, in any order of streams:
///
/// ```text
/// Filter: tcp.stream eq 3
/// Node 0: 127.0.0.1:59346
/// Node 1: 127.0.0.1:36177
/// 68690a                           node 0 sends
/// <tab>68690a                      node 1 sends
/// ```
fn followed(text: &str, streams: &[Stream]) -> Vec<[Vec<u8>; 2]> {
    let mut followed = vec![<[Vec<u8>; 2]>::default(); streams.len()];
    let mut index = 0;
    let mut is_client_second = false;
    for line in text.lines() {
        if let Some((_, number)) = line.split_once(".stream eq ") {
            index = number.parse().expect("a number");
        } else if line.starts_with("Node 0: ") {
            is_client_second = !line.ends_with(&format!(":{}", streams[index].client_port));
        } else if let Some(bytes) = from_hex(line.trim()) {
            let is_second = line.starts_with('\t');
            followed[index][usize::from(is_second != is_client_second)].extend(bytes);
        }
    }
    followed
}

fn from_hex(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let pair = |pair: &[u8]| Some((digit(pair.first()?)? << 4 | digit(pair.get(1)?)?) as u8);
    digits.as_bytes().chunks(2).map(pair).collect()
}

fn assert_datagrams(lab: &str, file: &Path, traces: &[&Trace]) {
    let fields = words(&["-Y", "udp", "-T", "fields", "-e", "udp.payload"]);
    let payloads = tshark(lab, file, &fields);
    let payloads = payloads.lines().map(|line| from_hex(line).expect("hex digits"));
    let is_udp = |trace: &Trace, connection: usize| {
        trace.connections[connection].transport == Transport::Udp
    };
    let wanted = traces.iter().flat_map(|trace| {
        let packets = trace.packets.iter().filter(|packet| is_udp(trace, packet.connection));
        packets.map(|packet| match &packet.event {
            Event::Bytes(bytes) => bytes.wire().to_owned(),
            other => panic!("{other:?} in UDP"),
        })
    });
    assert!(payloads.eq(wanted), "lab {lab}: other datagrams");
}

/// What the rows of the ladder show of a TCP connection is in its stream, in the same order.
fn assert_ladder(report: &Report) {
    let (Some(ladder), Some(trace)) = (report.ladder(), &report.trace) else { return };
    for (index, connection) in trace.connections.iter().enumerate() {
        if connection.transport == Transport::Tcp {
            let stream = Stream::of(trace, index);
            for direction in [Direction::ToProgram, Direction::FromProgram] {
                let side = usize::from(direction != client(trace, index));
                let rows = shown(ladder, &connection.peer, direction);
                assert_contains(&stream.plain[side], &rows, report);
            }
        }
    }
}

fn shown(ladder: &Ladder, peer: &str, direction: Direction) -> Vec<Vec<u8>> {
    let rows = ladder.rows.iter();
    let rows = rows.filter(|row| row.peer.as_deref() == Some(peer) && row.direction == direction);
    rows.filter_map(|row| row.payload.as_ref()?.whole()).collect()
}

fn assert_contains(mut stream: &[u8], parts: &[Vec<u8>], report: &Report) {
    for part in parts {
        // Searching is for rows whose bytes the ladder does not show.
        let is_next = stream.starts_with(part).then_some(0);
        let at = is_next.or_else(|| stream.windows(part.len()).position(|window| window == part));
        let at =
            at.unwrap_or_else(|| panic!("{:?}: {} is not in the stream", report.test, show(part)));
        stream = &stream[at + part.len()..];
    }
}
