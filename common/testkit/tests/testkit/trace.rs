//! The trace: what went over the wire, where the runner asks for it.

use crate::support::{Apart, FOR_EVER, LISTENS, Played, apart, fin, here, played, shell};
use report::{Action, Bytes, Direction, Event, Outcome, Report, Trace, Transport};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use tempfile::TempDir;
use testkit::Subject;

use Direction::{FromProgram, ToProgram};

/// A folder with room for one report.
struct Place {
    _folder: TempDir,
    file: PathBuf,
}

impl Place {
    fn new() -> Place {
        let folder = TempDir::new().expect("a folder for temporary files");
        Place { file: folder.path().join("report.json"), _folder: folder }
    }

    fn of(&self, story: Apart) -> Apart {
        story.with("LAB_REPORT", self.file.to_str().expect("a plain path"))
    }

    fn trace(&self) -> (Report, Trace) {
        let report = Report::read(&self.file).expect("the report was written");
        let trace = report.trace.clone().expect("it has a trace");
        (report, trace)
    }
}

/// A message whose middle the ladder does not keep.
fn long() -> Vec<u8> {
    (0..=255).cycle().take(1000).collect()
}

fn bytes(plain: &[u8]) -> Event {
    Event::Bytes(Bytes { plain: plain.to_owned(), encrypted: None, wire_len: plain.len() })
}

/// A peer sends, gets an answer and closes.
fn talk(wanted: &[u8]) {
    let Played { server, player } = played!(|mut stream| {
        let mut received = vec![0; 1000];
        stream.read_exact(&mut received).expect("the peer sends");
        stream.write_all(b"thanks").expect("the peer reads");
        let _ = stream.read_to_end(&mut received);
        fin(&stream);
    });
    let mut peer = server.connect("peer");
    peer.send(&long()).expect(wanted).half_close().expect_end();
    player.join().expect("it does not panic");
}

#[test]
fn a_test_that_passes_reports_every_byte() {
    let place = Place::new();
    place.of(apart!()).with("LAB_TRACE", "1").tell(|| talk(b"thanks")).succeeds_with(&[]);
    let (report, trace) = place.trace();
    let Outcome::Passed { ladder } = &report.outcome else { panic!("{report:?}") };
    let sent = ladder.rows.iter().find_map(|row| row.payload.as_ref()).expect("a row with bytes");
    assert_eq!(sent.whole(), Some(long()));
    let [connection] = &trace.connections[..] else { panic!("{trace:?}") };
    assert_eq!((connection.peer.as_str(), connection.transport), ("peer", Transport::Tcp));
    assert!(connection.program_address.port() > 0 && connection.peer_address.port() > 0);
    let events: Vec<(Direction, Event)> =
        trace.packets.into_iter().map(|packet| (packet.direction, packet.event)).collect();
    let wanted = [
        (ToProgram, Event::Connect),
        (ToProgram, bytes(&long())),
        (FromProgram, bytes(b"thanks")),
        (ToProgram, Event::Fin),
        (FromProgram, Event::Fin),
    ];
    assert_eq!(events, wanted);
}

/// What the test of `place` did to the program, in order.
fn actions(place: &Place) -> Vec<Action> {
    place.trace().1.actions.into_iter().map(|action| action.action).collect()
}

#[cfg(unix)]
#[test]
fn a_trace_has_what_the_test_did_to_the_program() {
    let place = Place::new();
    let story = place.of(apart!()).with("LAB_TRACE", "1").tell(|| {
        let mut server = shell!(&format!("{LISTENS}; {FOR_EVER}")).serve(["--max", "2"]);
        server.pause();
        server.resume();
    });
    story.succeeds_with(&[]);
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--max", "2"].map(str::to_owned);
    let wanted = [Action::Start(arguments.into()), Action::Pause, Action::Resume];
    assert_eq!(actions(&place), wanted);
}

/// A replay would leave a paused program paused without it.
#[cfg(unix)]
#[test]
fn a_program_that_is_paused_repeatedly_is_resumed_in_the_trace() {
    let place = Place::new();
    let story = place.of(apart!()).with("LAB_TRACE", "1").tell(|| {
        let mut server = shell!(&format!("{LISTENS}; {FOR_EVER}")).serve([]);
        server.pause();
        server.pause_repeatedly();
    });
    story.succeeds_with(&[]);
    let actions = actions(&place);
    assert!(matches!(&actions[..], [_, Action::Pause, Action::Resume]), "{actions:?}");
}

/// Of many stories with one program, the ladder and the trace hold the last one.
#[test]
fn a_trace_has_the_start_of_a_program_that_serves_many_stories() {
    let place = Place::new();
    let story = place.of(apart!()).with("LAB_TRACE", "1").tell(|| {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        let script = format!("echo listening on {address}; {FOR_EVER}");
        shell!(&script).for_any_split(&[], b"hello", |_, _| ());
    });
    story.succeeds_with(&[]);
    assert!(matches!(&actions(&place)[..], [Action::Start(_)]), "{:?}", actions(&place));
}

#[test]
fn a_trace_has_the_folders_of_the_test_as_they_were_at_the_start() {
    let place = Place::new();
    let story = place.of(apart!()).with("LAB_TRACE", "1").tell(|| {
        let subject = shell!("echo later > \"$1\"");
        let folder = subject.folder();
        let file = folder.path().join("notes.txt");
        fs::write(&file, "before").expect("the folder is ours");
        subject.run([file.to_str().expect("a plain path")]).expect_exit(0);
    });
    story.succeeds_with(&[]);
    let folders = place.trace().1.folders;
    let entries = folders[0].entries.as_ref().expect("it is small");
    assert_eq!(entries[0].content.as_deref(), Some(&b"before"[..]), "{folders:?}");
}

/// The folder may be that of a CA, which the test made before it knew the program.
#[test]
fn a_trace_has_the_variables_and_a_temporary_folder_that_a_program_is_given() {
    let place = Place::new();
    let story = place.of(apart!()).with("LAB_TRACE", "1").tell(|| {
        let folder = testkit::TempDir::new().expect("a folder");
        fs::write(folder.path().join("ca.pem"), "a key").expect("the folder is ours");
        let subject = shell!("exit 0").with_variable("TOKENS", "sesame");
        subject.run([folder.path().to_str().expect("a plain path")]).expect_exit(0);
    });
    story.succeeds_with(&[]);
    let trace = place.trace().1;
    let entries = trace.folders[0].entries.as_ref().expect("it is small");
    assert_eq!(entries[0].content.as_deref(), Some(&b"a key"[..]), "{:?}", trace.folders);
    assert_eq!(trace.variables, [("TOKENS".to_owned(), "sesame".to_owned())]);
}

#[test]
fn a_failure_has_its_trace_too() {
    let place = Place::new();
    let told = place.of(apart!()).with("LAB_TRACE", "1").tell(|| talk(b"sorry!"));
    told.fails_with(&["sent \"thanks\" where \"sorry!\" was due"]);
    let (report, trace) = place.trace();
    assert!(report.failure().is_some(), "{report:?}");
    let last = trace.packets.iter().rev().find(|packet| packet.direction == FromProgram);
    assert_eq!(last.expect("it answered").event, bytes(b"thanks"));
}

#[test]
fn without_being_asked_for_it_a_report_has_no_trace() {
    let place = Place::new();
    place.of(apart!()).tell(|| talk(b"thanks")).succeeds_with(&[]);
    assert!(!place.file.exists());
    place.of(apart!()).tell(|| talk(b"sorry!")).fails_with(&["where \"sorry!\" was due"]);
    assert_eq!(Report::read(&place.file).expect("it failed").trace, None);
}

#[test]
fn a_skip_stays_a_skip() {
    let place = Place::new();
    let skip = || {
        let subject: Subject = crate::support::script("42::trace::skips", "true");
        subject.run([]).expect_exit(0);
        subject.skip("no moon tonight");
    };
    place.of(apart!()).with("LAB_TRACE", "1").tell(skip).succeeds_with(&[]);
    let report = Report::read(&place.file).expect("the report was written");
    assert_eq!(report.outcome, Outcome::Skipped { reason: "no moon tonight".to_owned() });
}

#[test]
fn a_datagram_is_a_packet_between_two_addresses() {
    let place = Place::new();
    let told = place.of(apart!()).with("LAB_TRACE", "1").tell(|| {
        let script = "echo listening on 127.0.0.1:9; exec sleep 1000";
        let mut peer = crate::support::script(&here!(), script).serve([]).udp_peer("peer");
        peer.send(b"ping").send(b"");
    });
    told.succeeds_with(&[]);
    let (_, trace) = place.trace();
    let [connection] = &trace.connections[..] else { panic!("{trace:?}") };
    assert_eq!(connection.transport, Transport::Udp);
    assert_eq!(connection.program_address.to_string(), "127.0.0.1:9");
    let events = trace.packets.iter().map(|packet| packet.event.clone());
    assert_eq!(events.collect::<Vec<_>>(), [bytes(b"ping"), bytes(b"")]);
}
