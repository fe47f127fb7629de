use super::*;
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, sync_channel};

/// More than any of these tests takes.
const PATIENCE: Duration = Duration::from_secs(60);

fn next(events: &Receiver<Event>) -> Event {
    events.recv_timeout(PATIENCE).expect("an event")
}

#[test]
fn a_peer_resets_while_its_events_wait() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    let (sender, events) = sync_channel(1);
    let mut peer = Peer::connect(Ends::any_to(address), 0, &sender).expect("it connects");
    let (mut stream, _) = listener.accept().expect("it has connected");
    // The reader waits with the second event until there is room.
    stream.write_all(b"a").expect("the peer reads");
    assert_eq!(next(&events), Event::Received { peer: 0, bytes: b"a".into() });
    stream.write_all(b"b").expect("the peer reads");
    peer.reset();
    assert!(peer.is_gone() && peer.send(b"c").is_err());
    stream.set_read_timeout(Some(PATIENCE)).expect("every socket has one");
    let error = stream.read(&mut [0; 9]).expect_err("a reset");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    drop(events);
}

#[test]
fn a_datagram_is_an_event_of_its_own() {
    let server = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    server.set_read_timeout(Some(PATIENCE)).expect("every socket has one");
    let address = server.local_addr().expect("bound");
    let (sender, events) = sync_channel(9);
    let mut peer = Peer::open_udp(Ends::any_to(address), 0, &sender).expect("it opens");
    peer.send(b"ask").expect("there is room");
    let mut buffer = [0; 9];
    let (count, from) = server.recv_from(&mut buffer).expect("it arrives");
    assert_eq!(&buffer[..count], b"ask");
    for answer in [&b"one"[..], b"", b"two"] {
        server.send_to(answer, from).expect("there is room");
        assert_eq!(next(&events), Event::Received { peer: 0, bytes: answer.into() });
    }
    drop(events);
}
