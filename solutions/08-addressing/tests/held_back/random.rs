//! Many random questions, the same in each run.

use super::packets::{Packet, hex};
use std::net::Ipv4Addr;
use testkit::{Subject, answers, compare, subject};

/// A generator of pseudo-random numbers (xorshift, by Marsaglia). Its numbers are the same in each
/// run, so a failure repeats.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

fn random_packet(numbers: &mut Numbers) -> Packet {
    let words = numbers.below(11) as usize;
    let bytes = numbers.below(40) as usize;
    let mut byte = |_| numbers.next() as u8;
    Packet {
        options: (0..words * 4).map(&mut byte).collect(),
        payload: (0..bytes).map(&mut byte).collect(),
        tos: byte(0),
        protocol: byte(0),
        ttl: byte(0),
        id: numbers.next() as u16,
        flags_and_offset: numbers.next() as u16,
    }
}

/// Fails unless `count` random packets are sent on with one hop less and the right checksum.
pub fn forwarded_packets_are_right(lab: Subject, count: usize) {
    let mut numbers = Numbers(1);
    let packets: Vec<Packet> = (0..count).map(|_| random_packet(&mut numbers)).collect();
    let questions: Vec<String> = packets.iter().map(Packet::hex).collect();
    let forwarded = |packet: &Packet| match packet.ttl {
        0 | 1 => format!("ERROR time exceeded: {}", packet.hex()),
        ttl => Packet { ttl: ttl - 1, ..packet.clone() }.hex(),
    };
    let expected: Vec<String> = packets.iter().map(forwarded).collect();
    let found = answers(&lab, &["header", "forward"], &questions, 1);
    compare(&lab, &questions, &found, &expected);
}

/// Fails unless each of `count` packets, cut and changed at random places, gets one line.
pub fn each_wrong_packet_gets_a_line(lab: Subject, count: usize) {
    let mut numbers = Numbers(2);
    let mutated = |_| {
        let mut text = random_packet(&mut numbers).hex().into_bytes();
        for _ in 0..=numbers.below(3) {
            let place = numbers.below(text.len() as u64 + 1) as usize;
            match numbers.below(3) {
                0 => text.truncate(place),
                1 => text.insert(place, b"0123456789abcdef-"[numbers.below(17) as usize]),
                _ => text.iter_mut().skip(place).take(1).for_each(|byte| *byte = b'f'),
            }
        }
        String::from_utf8(text).expect("it is ASCII")
    };
    let questions: Vec<String> = (0..count).map(mutated).collect();
    for command in ["parse", "forward"] {
        answers(&lab, &["header", command], &questions, 1);
    }
}

/// Fails unless `in` agrees with AND and a comparison, for `count` addresses at each prefix.
pub fn in_is_and_and_compare(lab: Subject, count: usize) {
    let mut numbers = Numbers(3);
    for prefix in 0..=32 {
        let mask = (u64::from(u32::MAX) << (32 - prefix)) as u32;
        let network = numbers.next() as u32;
        // Half of the addresses differ from the network only in one bit.
        let mut address = |_| match numbers.below(2) {
            0 => numbers.next() as u32,
            _ => network ^ (1 << numbers.below(32)),
        };
        let addresses: Vec<u32> = (0..count).map(&mut address).collect();
        let text = |address: &u32| Ipv4Addr::from_bits(*address).to_string();
        let line = |address: &u32| {
            let is_in = address & mask == network & mask;
            format!("{} {}", text(address), if is_in { "yes" } else { "no" })
        };
        let questions: Vec<String> = addresses.iter().map(text).collect();
        let expected: Vec<String> = addresses.iter().map(line).collect();
        let network = format!("{}/{prefix}", Ipv4Addr::from_bits(network));
        let found = answers(&lab, &["in", &network], &questions, 0);
        compare(&lab, &questions, &found, &expected);
    }
}

/// Fails unless `header parse` reads each of `count` random packets as it was asked of `header
/// build`.
pub fn built_packets_are_read_alike(lab: Subject, count: usize) {
    let mut numbers = Numbers(4);
    let packet = |_| {
        let packet = random_packet(&mut numbers);
        // The command line can set this flag only.
        Packet { flags_and_offset: packet.flags_and_offset & 0x4000, ..packet }
    };
    let packets: Vec<Packet> = (0..count).map(packet).collect();
    let built: Vec<String> = packets.iter().map(|packet| build(&lab, packet)).collect();
    let expected: Vec<String> = packets.iter().map(parsed).collect();
    let found = answers(&lab, &["header", "parse"], &built, 0);
    compare(&lab, &built, &found, &expected);
}

/// What `header build` prints for `packet`.
fn build(lab: &Subject, packet: &Packet) -> String {
    let Packet { tos, id, ttl, protocol, options, payload, .. } = packet;
    let (options, payload) = (hex(options), hex(payload));
    let words = format!(
        "header build --src 10.0.0.1 --dst 10.0.0.2 --protocol {protocol} --ttl {ttl} --id {id} \
         --dscp {} --ecn {} --options={options} --payload={payload}",
        tos >> 2,
        tos & 3
    );
    let df = (packet.flags_and_offset != 0).then_some("--df");
    let exit = lab.run(words.split(' ').chain(df)).expect_exit(0);
    String::from_utf8_lossy(&exit.stdout).trim_end().to_owned()
}

/// What `header parse` prints about `packet`.
fn parsed(packet: &Packet) -> String {
    let Packet { tos, id, ttl, protocol, options, payload, .. } = packet;
    let header_len = 20 + options.len();
    let (dscp, ecn, length) = (tos >> 2, tos & 3, header_len + payload.len());
    let flags = if packet.flags_and_offset == 0 { "-" } else { "DF" };
    let name = match protocol {
        1 => "icmp",
        6 => "tcp",
        17 => "udp",
        _ => "-",
    };
    let options = if options.is_empty() { "-".to_owned() } else { hex(options) };
    format!(
        "version 4 ihl {} dscp {dscp} ecn {ecn} length {length} id {id} flags {flags} offset 0 \
         ttl {ttl} protocol {protocol} {name} checksum 0x{} source 10.0.0.1 \
         destination 10.0.0.2 options {options} payload {}",
        header_len / 4,
        &packet.hex()[20..24],
        payload.len()
    )
}

#[test]
fn a_packet_that_was_built_is_read_alike() {
    built_packets_are_read_alike(subject!("08"), 30);
}

#[test]
fn forwarded_packets_have_the_right_checksum() {
    forwarded_packets_are_right(subject!("08"), 2_000);
}

#[test]
fn no_packet_makes_it_panic() {
    each_wrong_packet_gets_a_line(subject!("08"), 2_000);
}

#[test]
fn an_address_is_in_a_network_if_and_only_if_the_masked_numbers_agree() {
    in_is_and_and_compare(subject!("08"), 100);
}
