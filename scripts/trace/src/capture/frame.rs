//! One packet with its headers. The checksums are right, so Wireshark has nothing to complain about.

use std::net::{IpAddr, SocketAddr};

use etherparse::{
    IpHeaders, IpNumber, Ipv4Extensions, Ipv4Header, Ipv6Extensions, Ipv6Header, PacketBuilder,
    PacketBuilderStep, TcpHeader,
};

/// TTL of IPv4, hop limit of IPv6: the default of Linux.
const HOP_LIMIT: u8 = 64;

/// A packet, as a capture has it.
pub struct Frame {
    /// As much of it as the trace has.
    pub bytes: Vec<u8>,
    /// How many bytes it had on the wire.
    pub len: usize,
    /// Shown beside the packet.
    pub comment: Option<String>,
}

/// A UDP datagram with a payload of `len` bytes, of which the trace has the first ones.
pub fn udp(from: SocketAddr, to: SocketAddr, payload: &[u8], len: usize) -> Frame {
    let step = ip(from.ip(), to.ip()).udp(from.port(), to.port());
    frame(payload, len, |payload, bytes| {
        step.write_to_vec(bytes, payload).expect("a datagram fits into a packet");
    })
}

/// A TCP segment with a payload of `len` bytes, of which the trace has the first ones.
pub fn tcp(from: IpAddr, to: IpAddr, header: TcpHeader, payload: &[u8], len: usize) -> Frame {
    let step = ip(from, to).tcp_header(header);
    frame(payload, len, |payload, bytes| {
        step.write_to_vec(bytes, payload).expect("a segment fits into a packet");
    })
}

/// The packet that `write` makes of a payload. The bytes that the trace lacks count, and are cut off.
fn frame(payload: &[u8], len: usize, write: impl FnOnce(&[u8], &mut Vec<u8>)) -> Frame {
    let mut whole = payload.to_owned();
    whole.resize(len, 0);
    let mut bytes = Vec::new();
    write(&whole, &mut bytes);
    let on_wire = bytes.len();
    bytes.truncate(on_wire - (len - payload.len()));
    Frame { bytes, len: on_wire, comment: None }
}

fn ip(from: IpAddr, to: IpAddr) -> PacketBuilderStep<IpHeaders> {
    PacketBuilder::ip(match (from, to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            // The builder sets the length and the protocol.
            let header = Ipv4Header::new(0, HOP_LIMIT, IpNumber::TCP, from.octets(), to.octets());
            let header = header.expect("an empty payload is not too long");
            IpHeaders::Ipv4(header, Ipv4Extensions::default())
        }
        (from, to) => {
            let [source, destination] = [from, to].map(|address| match address {
                IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
                IpAddr::V6(address) => address.octets(),
            });
            let header =
                Ipv6Header { source, destination, hop_limit: HOP_LIMIT, ..Ipv6Header::default() };
            IpHeaders::Ipv6(header, Ipv6Extensions::default())
        }
    })
}
