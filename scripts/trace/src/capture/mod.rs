//! A trace as a packet capture, for Wireshark and tshark.
//!
//! ```text
//!   Trace ──▶ tcp      handshake, sequence numbers, FIN, RST ──▶ frame   IP, TCP, UDP ──▶ pcapng
//! ```
//!
//! The test kit sees writes and reads, not segments. So the headers are made here: addresses, ports,
//! order, time and payload are those of the test. Sizes of segments and acknowledgements are not.

mod frame;
mod pcapng;
mod tcp;

use std::collections::HashMap;

use report::{Direction, Event, Ladder, Packet, Report, Trace, Transport};
use terminal::count_of;

use frame::Frame;
use pcapng::Writer;
use tcp::Stream;

/// The capture in the format pcapng. `None`: the report has no trace.
pub fn pcapng(report: &Report) -> Option<Vec<u8>> {
    let trace = report.trace.as_ref()?;
    let mut writer = Writer::new(&title(report, trace));
    writer.tls_secrets(&trace.tls_secrets);
    let commented = report.ladder().and_then(|ladder| comment(ladder, trace));
    let mut streams = HashMap::new();
    for (index, packet) in trace.packets.iter().enumerate() {
        let mut frames = frames(trace, packet, &mut streams);
        if let (Some((at, text)), Some(last)) = (&commented, frames.last_mut())
            && *at == index
        {
            last.comment = Some(text.clone());
        }
        let time_us = trace.began_us + packet.time_us;
        frames.iter().for_each(|frame| writer.packet(time_us, frame));
    }
    Some(writer.finish())
}

/// Which test it is, and whether packets are missing.
fn title(report: &Report, trace: &Trace) -> String {
    let title = format!("lab {} › {} › {}", report.lab, report.test.group(), report.test.name);
    match trace.left_out {
        0 => title,
        count => format!("{title} ({} left out at the end)", count_of(count, "packet")),
    }
}

fn frames(trace: &Trace, packet: &Packet, streams: &mut HashMap<usize, Stream>) -> Vec<Frame> {
    let connection = &trace.connections[packet.connection];
    let ours = connection.peer_address;
    let theirs = connection.program_address;
    match (connection.transport, &packet.event) {
        (Transport::Tcp, event) => {
            // As a kernel does, by the time: so that a port that is used again begins with another one.
            let first_number = (trace.began_us + packet.time_us) as u32;
            let stream = streams.entry(packet.connection);
            let stream = stream.or_insert_with(|| Stream::new(ours, theirs, first_number));
            stream.frames(packet.direction, event)
        }
        (Transport::Udp, Event::Bytes(bytes)) => {
            let (from, to) = match packet.direction {
                Direction::FromProgram => (theirs, ours),
                Direction::ToProgram | Direction::Note => (ours, theirs),
            };
            vec![frame::udp(from, to, bytes.wire(), bytes.wire_len)]
        }
        (Transport::Udp, _) => Vec::new(),
    }
}

/// The mark of the ladder, and the packet that it belongs to.
fn comment(ladder: &Ladder, trace: &Trace) -> Option<(usize, String)> {
    let mark = ladder.mark.as_ref()?;
    let is_on_wire =
        |packet: &Packet| !matches!(packet.event, Event::StartTls(_) | Event::CloseNotify);
    let last = trace.packets.iter().rposition(is_on_wire)?;
    let row = mark.row.and_then(|row| ladder.rows.get(row));
    let is_of_row = |packet: &Packet| {
        row.is_some_and(|row| {
            row.peer.as_deref() == Some(&trace.connections[packet.connection].peer)
                && row.direction == packet.direction
                && row.time_us <= packet.time_us
        })
    };
    let is_wanted = |packet: &Packet| is_on_wire(packet) && is_of_row(packet);
    let packet = trace.packets.iter().position(is_wanted).unwrap_or(last);
    Some((packet, format!("✗ {}", mark.text)))
}
