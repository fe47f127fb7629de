//! The segments of one TCP connection: handshake, sequence numbers, FIN, RST (RFC 9293).

use std::net::SocketAddr;

use etherparse::{TcpHeader, TcpOptionElement};
use report::{Direction, Event};

use super::frame::{self, Frame};

/// Most bytes of a segment on loopback, as Linux sends them.
const SEGMENT: usize = 65_483;

/// The receive window is 2^16 times 2^14 bytes, so that no segment is outside of it.
const WINDOW: u16 = u16::MAX;
const WINDOW_SCALE: u8 = 14;

/// A connection, so far.
pub struct Stream {
    peer: Side,
    program: Side,
    is_open: bool,
    is_reset: bool,
}

/// One end of it.
#[derive(Clone, Copy)]
struct Side {
    address: SocketAddr,
    /// The sequence number of its next byte.
    next: u32,
    has_sent_fin: bool,
}

/// The flags of a segment, apart from ACK.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flag {
    None,
    Push,
    Fin,
    Reset,
}

impl Stream {
    /// A connection whose sides begin with the sequence number `first_number`.
    pub fn new(peer: SocketAddr, program: SocketAddr, first_number: u32) -> Stream {
        let side = |address| Side { address, next: first_number, has_sent_fin: false };
        Stream { peer: side(peer), program: side(program), is_open: false, is_reset: false }
    }

    /// The segments that `event` stands for. The kernel sends nothing after FIN or RST, whatever the
    /// application tries.
    pub fn frames(&mut self, direction: Direction, event: &Event) -> Vec<Frame> {
        if self.is_reset || self.ends(direction).0.has_sent_fin {
            return Vec::new();
        }
        // A trace may begin in the middle of a connection.
        let mut frames = if self.is_open { Vec::new() } else { self.handshake(direction) };
        match event {
            // Of TLS, the bytes alone are on the wire.
            Event::Connect | Event::StartTls(_) | Event::CloseNotify => (),
            Event::Bytes(bytes) => {
                frames.extend(self.segments(direction, bytes.wire(), bytes.wire_len));
            }
            Event::Fin => {
                frames.push(self.segment(direction, Flag::Fin, &[], 0));
                self.ends(direction).0.has_sent_fin = true;
            }
            Event::Reset => {
                frames.push(self.segment(direction, Flag::Reset, &[], 0));
                self.is_reset = true;
            }
        }
        frames
    }

    fn handshake(&mut self, direction: Direction) -> Vec<Frame> {
        self.is_open = true;
        let (client, server) = self.ends(direction);
        // SYN takes a sequence number as a byte does (RFC 9293, section 3.4).
        let syn = opening(client, server, None);
        client.next = client.next.wrapping_add(1);
        let syn_ack = opening(server, client, Some(client.next));
        server.next = server.next.wrapping_add(1);
        vec![syn, syn_ack, self.segment(direction, Flag::None, &[], 0)]
    }

    fn segments(&mut self, direction: Direction, bytes: &[u8], len: usize) -> Vec<Frame> {
        let starts = (0..len).step_by(SEGMENT);
        let segment = |start: usize| {
            let end = len.min(start + SEGMENT);
            let kept = &bytes[start.min(bytes.len())..end.min(bytes.len())];
            self.segment(direction, Flag::Push, kept, end - start)
        };
        starts.map(segment).collect()
    }

    fn segment(&mut self, direction: Direction, flag: Flag, payload: &[u8], len: usize) -> Frame {
        let (from, to) = self.ends(direction);
        let mut header = header(from, to);
        header.ack = true;
        header.acknowledgment_number = to.next;
        header.psh = flag == Flag::Push;
        header.fin = flag == Flag::Fin;
        header.rst = flag == Flag::Reset;
        // So does FIN.
        let taken = len + usize::from(flag == Flag::Fin);
        from.next = from.next.wrapping_add(taken as u32);
        frame::tcp(from.address.ip(), to.address.ip(), header, payload, len)
    }

    /// The sender and the receiver.
    fn ends(&mut self, direction: Direction) -> (&mut Side, &mut Side) {
        match direction {
            Direction::FromProgram => (&mut self.program, &mut self.peer),
            Direction::ToProgram | Direction::Note => (&mut self.peer, &mut self.program),
        }
    }
}

/// SYN; with `acknowledged`, SYN-ACK.
fn opening(from: &Side, to: &Side, acknowledged: Option<u32>) -> Frame {
    let mut header = header(from, to);
    header.syn = true;
    header.ack = acknowledged.is_some();
    header.acknowledgment_number = acknowledged.unwrap_or(0);
    let options = [
        TcpOptionElement::MaximumSegmentSize(SEGMENT as u16),
        TcpOptionElement::WindowScale(WINDOW_SCALE),
    ];
    header.set_options(&options).expect("a header has room for two options");
    frame::tcp(from.address.ip(), to.address.ip(), header, &[], 0)
}

fn header(from: &Side, to: &Side) -> TcpHeader {
    TcpHeader::new(from.address.port(), to.address.port(), from.next, WINDOW)
}
