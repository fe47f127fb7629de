use super::*;
#[cfg(unix)]
use report::folder::Entry;
use report::{Bytes, TlsClient};
#[cfg(unix)]
use std::fs;

/// A trace of one TCP connection from the peer `peer`.
fn trace(events: &[(Direction, Event)]) -> Trace {
    let connection = Connection {
        peer: "A peer".to_owned(),
        transport: Transport::Tcp,
        peer_address: ([127, 0, 0, 1], 4000).into(),
        program_address: ([127, 0, 0, 1], 7001).into(),
    };
    let packet = |(time, (direction, event)): (usize, &(Direction, Event))| Packet {
        time_us: 10 * (time as u64 + 1),
        connection: 0,
        direction: *direction,
        event: event.clone(),
    };
    let packets = events.iter().enumerate().map(packet).collect();
    let actions = vec![start(&["serve", "--listen", "[::1]:7001", "--max", "2"])];
    Trace { connections: vec![connection], packets, actions, ..Trace::default() }
}

fn start(words: &[&str]) -> ProgramAction {
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    ProgramAction { time_us: 0, action: Action::Start(words) }
}

fn bytes(plain: &[u8]) -> Event {
    Event::Bytes(Bytes { plain: plain.into(), encrypted: None, wire_len: plain.len() })
}

fn lines(trace: &Trace) -> Vec<String> {
    let lines = Recorded::new(trace).expect("it can be repeated").lines;
    lines.iter().map(Line::to_string).collect()
}

use Direction::{FromProgram, ToProgram};

#[test]
fn a_trace_is_a_conversation() {
    let mut trace = trace(&[
        (ToProgram, Event::Connect),
        (ToProgram, bytes(b"he")),
        (ToProgram, bytes(b"llo")),
        (FromProgram, bytes(b"hel")),
        (FromProgram, bytes(b"lo")),
        (ToProgram, Event::Fin),
        (FromProgram, Event::Fin),
    ]);
    trace.actions.push(ProgramAction { time_us: 15, action: Action::Pause });
    trace.actions.push(ProgramAction { time_us: 99, action: Action::Interrupt });
    let wanted = [
        "connect a_peer",
        "pause",
        "a_peer: send \"hello\" in 2 pieces",
        "a_peer: expect \"hello\"",
        "a_peer: fin",
        "a_peer: expect FIN",
        "interrupt",
    ];
    assert_eq!(lines(&trace), wanted);
    let recorded = Recorded::new(&trace).expect("it can be repeated");
    assert_eq!(recorded.words, ["serve", "--max", "2"]);
    assert_eq!(recorded.listen, "[::1]:0");
}

#[test]
fn of_tls_the_plain_text_is_a_conversation() {
    let encrypted = |plain: &[u8]| {
        let wire = [b"encrypted ", plain].concat();
        Event::Bytes(Bytes { plain: plain.into(), wire_len: wire.len(), encrypted: Some(wire) })
    };
    let trace = trace(&[
        (ToProgram, Event::Connect),
        (ToProgram, Event::StartTls(TlsClient::default())),
        (ToProgram, encrypted(b"")),
        (FromProgram, encrypted(b"")),
        (ToProgram, encrypted(b"hello")),
        (FromProgram, encrypted(b"hello")),
        (ToProgram, Event::CloseNotify),
        (ToProgram, encrypted(b"")),
        (ToProgram, Event::Fin),
        (FromProgram, encrypted(b"")),
        (FromProgram, Event::CloseNotify),
        (FromProgram, Event::Fin),
    ]);
    let wanted = [
        "connect a_peer",
        "a_peer: start TLS",
        "a_peer: send \"hello\"",
        "a_peer: expect \"hello\"",
        "a_peer: send close_notify",
        "a_peer: fin",
        "a_peer: expect close_notify",
        "a_peer: expect FIN",
    ];
    assert_eq!(lines(&trace), wanted);
}

#[test]
fn each_datagram_is_a_message() {
    let mut trace = trace(&[(ToProgram, bytes(b"a")), (ToProgram, bytes(b"b"))]);
    trace.connections[0].transport = Transport::Udp;
    assert_eq!(lines(&trace), ["udp a_peer", "a_peer: send \"a\"", "a_peer: send \"b\""]);
}

#[test]
fn peers_of_one_name_are_numbered() {
    let mut trace = trace(&[(ToProgram, Event::Connect), (ToProgram, Event::Connect)]);
    trace.connections.push(trace.connections[0].clone());
    trace.packets[1].connection = 1;
    assert_eq!(lines(&trace), ["connect a_peer", "connect a_peer_2"]);
}

#[test]
fn what_cannot_be_repeated_has_a_reason() {
    let why = |trace: &Trace| Recorded::new(trace).expect_err("it cannot");
    let refused = |change: &dyn Fn(&mut Trace), reason: &str| {
        let mut trace = trace(&[(ToProgram, Event::Connect), (ToProgram, bytes(b"a"))]);
        change(&mut trace);
        assert!(why(&trace).contains(reason), "{}", why(&trace));
    };
    let server = || start(&["serve", "--listen", "x"]);
    let client = || start(&["send", "a"]);
    refused(&|trace| trace.actions.clear(), "starts no program");
    refused(&|trace| trace.actions = vec![client()], "starts no server");
    refused(&|trace| trace.actions = vec![client(), client()], "starts no server");
    refused(&|trace| trace.actions.push(server()), "starts 2 servers");
    refused(&|trace| trace.actions.push(client()), "a server among 2 programs");
    refused(
        &|trace| trace.actions = vec![start(&["serve", "--listen", "x", "--listen", "y"])],
        "has 2 addresses",
    );
    refused(&|trace| trace.packets[0].direction = FromProgram, "client");
    refused(&|trace| trace.left_out = 1, "longer than the trace");
    refused(
        &|trace| {
            let bytes = Bytes { plain: vec![b'a'], encrypted: None, wire_len: 2 };
            trace.packets[1].event = Event::Bytes(bytes);
        },
        "longer than the trace",
    );
    #[cfg(unix)]
    refused(
        &|trace| {
            let entries = None;
            trace.folders = vec![Folder { path: "/no/such".into(), entries }];
            trace.actions = vec![start(&["serve", "--listen", "x", "/no/such/folder"])];
        },
        "needs /no/such/folder",
    );
}

#[test]
fn each_peer_has_its_addresses() {
    let recorded = Recorded::new(&trace(&[(ToProgram, Event::Connect)]));
    let recorded = recorded.expect("it can be repeated");
    let ends = Ends { peer: ([127, 0, 0, 1], 4000).into(), program: ([127, 0, 0, 1], 7001).into() };
    assert_eq!(recorded.peers, [("a_peer".to_owned(), ends)]);
}

#[cfg(unix)]
#[test]
fn a_folder_of_the_test_is_made_again_for_the_server() {
    let mut trace = trace(&[(ToProgram, Event::Connect)]);
    let content = Some(b"hello".to_vec());
    let entries = Some(vec![Entry { path: "notes.txt".into(), content }]);
    trace.folders = vec![Folder { path: "/no/such".into(), entries }];
    trace.actions = vec![start(&["serve", "--listen", "x", "/no/such/notes.txt"])];
    let mut recorded = Recorded::new(&trace).expect("it can be repeated");
    let folders = recorded.restore_folders().expect("written");
    assert_eq!(fs::read(&recorded.words[1]).expect("it is there"), b"hello");
    drop(folders);
    assert!(!Path::new(&recorded.words[1]).exists());
}
