//! Packet captures, read by another library than the one that draws the ladder.

use etherparse::{SlicedPacket, TransportSlice};
use report::{
    Bytes, Connection, Direction, Event, Ladder, Mark, Outcome, Packet, Report, Row, TestId, Trace,
    Transport,
};
use trace::capture::pcapng;

use Direction::{FromProgram, ToProgram};

fn bytes(plain: &[u8]) -> Event {
    Event::Bytes(Bytes { plain: plain.to_owned(), encrypted: None, wire_len: plain.len() })
}

fn report(transport: Transport, host: &str, events: &[(Direction, Event)]) -> Report {
    let connection = Connection {
        peer: "peer".to_owned(),
        transport,
        peer_address: format!("{host}:40000").parse().expect("an address"),
        program_address: format!("{host}:7001").parse().expect("an address"),
    };
    let packet = |(time, (direction, event)): (usize, &(Direction, Event))| Packet {
        time_us: time as u64,
        connection: 0,
        direction: *direction,
        event: event.clone(),
    };
    let packets = events.iter().enumerate().map(packet).collect();
    let trace = Trace { connections: vec![connection], packets, ..Trace::default() };
    let outcome = Outcome::Passed { ladder: Ladder::default() };
    let test = TestId::parse("step2_echo::a");
    Report { trace: Some(trace), ..Report::new("01", test, outcome) }
}

/// The bodies of the blocks of type `kind`.
fn blocks(file: &[u8], kind: u32) -> Vec<&[u8]> {
    let number = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().expect("four bytes"));
    let mut found = Vec::new();
    let mut at = 0;
    while at < file.len() {
        let length = number(at + 4) as usize;
        assert_eq!(number(at + length - 4) as usize, length, "both lengths of a block are equal");
        if number(at) == kind {
            found.push(&file[at + 8..at + length - 4]);
        }
        at += length;
    }
    found
}

/// The packets, and the length that each had on the wire.
fn packets(file: &[u8]) -> Vec<(&[u8], usize)> {
    let packet = |body: &'_ [u8]| -> (usize, usize) {
        let number = |at: usize| u32::from_le_bytes(body[at..at + 4].try_into().expect("four"));
        (number(12) as usize, number(16) as usize)
    };
    let blocks = blocks(file, 6).into_iter();
    blocks.map(|body| (&body[20..20 + packet(body).0], packet(body).1)).collect()
}

/// `SYN 0`: the flags and the relative numbers of every segment.
fn segments(report: &Report) -> Vec<String> {
    let file = pcapng(report).expect("it has a trace");
    let segment = |(packet, _): (&[u8], usize)| {
        let sliced = SlicedPacket::from_ip(packet).expect("a packet");
        let Some(TransportSlice::Tcp(tcp)) = sliced.transport else { panic!("no TCP") };
        let flags = [("S", tcp.syn()), ("P", tcp.psh()), ("F", tcp.fin()), ("R", tcp.rst())];
        let flags: String = flags.iter().filter(|(_, set)| *set).map(|(name, _)| *name).collect();
        let ack =
            if tcp.ack() { format!("/{}", tcp.acknowledgment_number()) } else { String::new() };
        let port = tcp.source_port();
        let seq = tcp.sequence_number();
        let payload = String::from_utf8_lossy(tcp.payload()).into_owned();
        format!("{port} {flags} {seq}{ack} {payload}").trim_end().to_owned()
    };
    packets(&file).into_iter().map(segment).collect()
}

#[test]
fn a_connection_has_its_handshake_its_numbers_and_its_end() {
    let events = [
        (ToProgram, Event::Connect),
        (ToProgram, bytes(b"hello")),
        (FromProgram, bytes(b"hi")),
        (ToProgram, Event::Fin),
        (FromProgram, Event::Fin),
        // The kernel sends none of these.
        (FromProgram, Event::Fin),
        (ToProgram, bytes(b"late")),
    ];
    for host in ["127.0.0.1", "[::1]"] {
        let wanted = [
            "40000 S 0",
            "7001 S 0/1",
            "40000  1/1",
            "40000 P 1/1 hello",
            "7001 P 1/6 hi",
            "40000 F 6/3",
            "7001 F 3/7",
        ];
        assert_eq!(segments(&report(Transport::Tcp, host, &events)), wanted);
    }
}

#[test]
fn a_connection_that_the_program_opens_and_resets() {
    let events =
        [(FromProgram, Event::Connect), (FromProgram, Event::Reset), (ToProgram, Event::Fin)];
    let wanted = ["7001 S 0", "40000 S 0/1", "7001  1/1", "7001 R 1/1"];
    assert_eq!(segments(&report(Transport::Tcp, "127.0.0.1", &events)), wanted);
}

#[test]
fn what_a_long_message_lacks_counts_on_the_wire() {
    let cut = Bytes { plain: vec![b'x'; 10], encrypted: None, wire_len: 70_000 };
    let events = [(ToProgram, Event::Bytes(cut))];
    let file = pcapng(&report(Transport::Tcp, "127.0.0.1", &events)).expect("it has a trace");
    let lengths: Vec<(usize, usize)> =
        packets(&file).into_iter().skip(3).map(|(bytes, len)| (bytes.len(), len)).collect();
    assert_eq!(lengths, [(50, 65_523), (40, 4_557)]);
}

#[test]
fn in_tls_the_wire_has_the_cipher_text_and_the_file_its_secrets() {
    let event = Event::Bytes(Bytes {
        plain: b"secret".to_vec(),
        encrypted: Some(b"XXXXXXXXX".to_vec()),
        wire_len: 9,
    });
    let mut report = report(Transport::Tcp, "127.0.0.1", &[(ToProgram, event)]);
    if let Some(trace) = &mut report.trace {
        trace.tls_secrets = "CLIENT_RANDOM 00 11\n".to_owned();
    }
    assert_eq!(segments(&report)[3], "40000 P 1/1 XXXXXXXXX");
    let file = pcapng(&report).expect("it has a trace");
    assert_eq!(blocks(&file, 10).len(), 1);
}

#[test]
fn datagrams_keep_their_order_and_checksums_are_right() {
    let events = [(ToProgram, bytes(b"ping")), (FromProgram, bytes(b""))];
    let file = pcapng(&report(Transport::Udp, "[::1]", &events)).expect("it has a trace");
    let payloads = packets(&file).into_iter().map(|(packet, _)| {
        let sliced = SlicedPacket::from_ip(packet).expect("a packet");
        let Some(TransportSlice::Udp(udp)) = sliced.transport else { panic!("no UDP") };
        assert_ne!(udp.checksum(), 0, "IPv6 has no datagram without a checksum");
        (udp.source_port(), udp.payload().to_vec())
    });
    assert_eq!(payloads.collect::<Vec<_>>(), [(40000, b"ping".to_vec()), (7001, Vec::new())]);
}

#[test]
fn the_packet_of_the_mark_has_a_comment() {
    // Of the end of TLS, only the bytes are on the wire.
    let end = Event::CloseNotify;
    let events = [(ToProgram, bytes(b"hello")), (FromProgram, end), (FromProgram, bytes(b"hi"))];
    let mut report = report(Transport::Tcp, "127.0.0.1", &events);
    let row = Row {
        time_us: 1,
        peer: Some("peer".to_owned()),
        direction: FromProgram,
        label: String::new(),
        payload: None,
        pieces: None,
    };
    let mark = Some(Mark { row: Some(0), text: "wanted \"hello\"".to_owned() });
    let ladder =
        Ladder { program: "lab01 serve".to_owned(), rows: vec![row], mark, ..Ladder::default() };
    report.outcome = Outcome::Passed { ladder };
    let file = pcapng(&report).expect("it has a trace");
    let comment = "✗ wanted \"hello\"".as_bytes();
    let has = |body: &&[u8]| body.windows(comment.len()).any(|part| part == comment);
    let commented: Vec<bool> = blocks(&file, 6).iter().map(has).collect();
    assert_eq!(commented, [false, false, false, false, true]);
}
