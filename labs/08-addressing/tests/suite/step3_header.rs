//! Step header: IPv4 packets, byte for byte.

mod fragments;

use super::packets::{Packet, bytes_of, hex, packet};
use super::printed_packets::expect_packet;
use testkit::{Filter, Process, Subject, filter, subject};

/// A datagram of Linux: `-k` at 127.0.0.1 with TTL 42, DSCP 46 and ECN 1.
const CAPTURED: &str = "45b9001ea5f540002a11ac1e7f0000017f000001841f270f000afe1d6869";

/// `header parse`, with advice for a right packet that is refused for its checksum.
fn parse(lab: &Subject, id: &str, think: &str) -> Filter {
    with_sums(filter(lab, ["header", "parse"])).says(id, think)
}

fn with_sums(filter: Filter) -> Filter {
    filter.says_if_it_has("ERROR checksum", SUM).says_if_it_has("should be 0x0000", ZERO)
}

/// What the checksum of `CAPTURED` would be if it covered the payload.
const SUM_OF_ALL: &str = "should be 0x9a5e";

const HEADER_ONLY: (&str, &str) = (
    "sum-over-the-header-only",
    "In `parse`, call `checksum` for the bytes of the header, IHL times four. It does not cover the payload.",
);

const ALL_OPTIONS: (&str, &str) = (
    "allow-40-bytes-of-options",
    "In `encode`, 40 bytes of options are allowed. `describe` calls it, and prints checksum 0 for a packet that it refuses.",
);

const ZERO: (&str, &str) = (
    "compare-the-sum-with-zero",
    "In `parse`, compare `checksum` of the header with 0, not with the field. Its bytes are IHL times four, without the payload.",
);

const SUM: (&str, &str) = (
    "compare-both-sums",
    "In `checksum`, add numbers of two bytes, then the carries, and return the complement. Over a header with its checksum it is 0.",
);

#[test]
fn a_packet_is_read_field_by_field() {
    parse(
        &subject!("08"),
        "read-each-field",
        "In `parse`, read each field at its place in the drawing. Numbers of two bytes have the most significant one first.",
    )
    .says_if_it_has(SUM_OF_ALL, HEADER_ONLY)
    .says_if_it_has("0xac1e, should be 0xac1e", ZERO)
    .ask(
        CAPTURED,
        "version 4 ihl 5 dscp 46 ecn 1 length 30 id 42485 flags DF offset 0 ttl 42 protocol 17 udp checksum 0xac1e source 127.0.0.1 destination 127.0.0.1 options - payload 10",
    )
    .ask(
        &Packet { tos: 0xff, id: 0x0102, ttl: 255, protocol: 89, ..packet(b"") }.hex(),
        "version 4 ihl 5 dscp 63 ecn 3 length 20 id 258 flags - offset 0 ttl 255 protocol 89 - checksum 0xa58d source 10.0.0.1 destination 10.0.0.2 options - payload 0",
    )
    .end();
}

#[test]
fn flags_and_offset_share_two_bytes() {
    parse(
        &subject!("08"),
        "keep-flags-and-offset",
        "In `parse`, keep the 16 bits of flags and offset together, as they are in bytes 6 and 7.",
    )
    .ask(
        &Packet { flags_and_offset: 0x2000 | 185, ..packet(b"12345678") }.hex(),
        "version 4 ihl 5 dscp 0 ecn 0 length 28 id 7 flags MF offset 1480 ttl 64 protocol 1 icmp checksum 0x461f source 10.0.0.1 destination 10.0.0.2 options - payload 8",
    )
    .ask(
        &Packet { flags_and_offset: 0x1fff, protocol: 6, ..packet(b"") }.hex(),
        "version 4 ihl 5 dscp 0 ecn 0 length 20 id 7 flags - offset 65528 ttl 64 protocol 6 tcp checksum 0x46dc source 10.0.0.1 destination 10.0.0.2 options - payload 0",
    )
    .end();
}

#[test]
fn options_are_between_header_and_payload() {
    let (id, think) = (
        "ihl-counts-words",
        "In `parse`, the header has IHL times four bytes. Options are those from byte 20 on, and the payload follows.",
    );
    parse(&subject!("08"), id, think)
    // The sum of the first 20 bytes.
    .says_if_it_has("should be 0x65d9", (id, think))
    .ask(
        &Packet { options: vec![1, 1, 1, 0], ..packet(b"abc") }.hex(),
        "version 4 ihl 6 dscp 0 ecn 0 length 27 id 7 flags - offset 0 ttl 64 protocol 1 icmp checksum 0x63d8 source 10.0.0.1 destination 10.0.0.2 options 01010100 payload 3",
    )
    .says_if_it_has(" checksum 0x0000 ", ALL_OPTIONS)
    .ask(
        &Packet { options: vec![1; 40], ..packet(b"") }.hex(),
        "version 4 ihl 15 dscp 0 ecn 0 length 60 id 7 flags - offset 0 ttl 64 protocol 1 icmp checksum 0x48a4 source 10.0.0.1 destination 10.0.0.2 options 01010101010101010101010101010101010101010101010101010101010101010101010101010101 payload 0",
    )
    .end();
}

#[test]
fn bytes_behind_the_packet_are_ignored() {
    parse(
        &subject!("08"),
        "cut-at-the-total-length",
        "In `parse`, the packet ends at its total length. Ethernet, for one, pads short frames.",
    )
    .ask(
        &(packet(b"abc").hex() + "000000000000"),
        "version 4 ihl 5 dscp 0 ecn 0 length 23 id 7 flags - offset 0 ttl 64 protocol 1 icmp checksum 0x66dd source 10.0.0.1 destination 10.0.0.2 options - payload 3",
    )
    .end();
}

#[test]
fn each_length_is_checked() {
    let whole = bytes_of(&packet(b"0123456789").hex());
    let with = |index: usize, byte: u8| {
        let mut bytes = whole.clone();
        bytes[index] = byte;
        hex(&bytes)
    };
    // A header of 24 bytes, which is more than the smallest one.
    let with_options_in = |length: u8| {
        let mut bytes = bytes_of(&Packet { options: vec![1, 1, 1, 0], ..packet(b"") }.hex());
        bytes[3] = length;
        hex(&bytes)
    };
    parse(
        &subject!("08"),
        "check-before-you-slice",
        "In `parse`, check in the order of the contract, and slice only what was checked. Another machine chose these numbers.",
    )
    .refuses("", "0 bytes, 20 at least")
    .refuses(&hex(&whole[..19]), "19 bytes, 20 at least")
    .refuses(&with(0, 0x65), "version 6")
    .refuses(&with(0, 0x44), "ihl 4, 5 at least")
    .refuses(&with(0, 0x40), "ihl 0, 5 at least")
    .refuses(&with(0, 0x64), "version 6")
    .refuses(&with(0, 0x4f), "ihl 15, and 30 bytes are here")
    .refuses(&with(3, 19), "length 19 is less than the header")
    .refuses(&with(3, 40), "length 40, and 30 bytes are here")
    .refuses(&hex(&whole[..29]), "length 30, and 29 bytes are here")
    .refuses(&hex(&whole[..20]), "length 30, and 20 bytes are here")
    .refuses(&with_options_in(23), "length 23 is less than the header")
    .refuses(&with_options_in(20), "length 20 is less than the header")
    .refuses("45x", "not hex")
    .end();
}

#[test]
fn a_wrong_checksum_is_found() {
    parse(
        &subject!("08"),
        "sum-over-the-header",
        "In `parse`, `checksum` of the whole header is 0 if it is right. What it should be is the sum with 0 in its place.",
    )
    .refuses(&CAPTURED.replace("ac1e", "ac1f"), "checksum 0xac1f, should be 0xac1e")
    .refuses(&CAPTURED.replace("2a11", "2911"), "checksum 0xac1e, should be 0xad1e")
    .end();
}

#[test]
fn carries_are_added_until_there_is_none() {
    parse(
        &subject!("08"),
        "fold-the-carries",
        "In `checksum`, add the carries to the lower 16 bits until there is none. One addition may cause another carry.",
    )
    .ask(
        "450000147adb00004011fffeffffffffffffffff",
        "version 4 ihl 5 dscp 0 ecn 0 length 20 id 31451 flags - offset 0 ttl 64 protocol 17 udp checksum 0xfffe source 255.255.255.255 destination 255.255.255.255 options - payload 0",
    )
    .ask(
        "4500001466e70000400100000a0000010a000002",
        "version 4 ihl 5 dscp 0 ecn 0 length 20 id 26343 flags - offset 0 ttl 64 protocol 1 icmp checksum 0x0000 source 10.0.0.1 destination 10.0.0.2 options - payload 0",
    )
    .end();
}

/// Runs `header build` from 10.0.0.1 to 10.0.0.2.
fn build<'a>(lab: &Subject, options: impl IntoIterator<Item = &'a str>) -> Process {
    let ends = ["header", "build", "--src", "10.0.0.1", "--dst", "10.0.0.2"];
    lab.run_tool(ends.into_iter().chain(options))
}

#[test]
fn a_packet_is_written_field_by_field() {
    let lab = subject!("08");
    let (id, think) = (
        "write-each-field",
        "In `encode`, write each field at its place in the drawing. The total length counts header and payload, and the checksum counts as 0 in its own sum.",
    );
    let plain = packet(b"abcdefgh");
    let options = ["--protocol", "icmp", "--id", "7", "--payload", "6162636465666768"];
    expect_packet(&mut build(&lab, options), &plain.hex(), id, think);
    let marked =
        Packet { tos: 46 << 2 | 1, flags_and_offset: 0x4000, ttl: 1, protocol: 17, ..packet(b"") };
    let options = ["--protocol", "udp", "--id", "7", "--dscp", "46", "--ecn", "1", "--df"];
    let mut process = build(&lab, options.into_iter().chain(["--ttl", "1"]));
    expect_packet(&mut process, &marked.hex(), id, think);
}

#[test]
fn options_are_padded_to_words() {
    let lab = subject!("08");
    let pad = (
        "pad-the-options",
        "In `encode`, pad the options with zeros to words of four bytes. IHL and total length count the zeros, too.",
    );
    let expect = |options: &str, padded: &[u8], (id, think): (&str, &str)| {
        let expected = Packet { options: padded.to_vec(), ..packet(b"x") };
        let options = ["--protocol", "1", "--id", "7", "--payload", "78", "--options", options];
        expect_packet(&mut build(&lab, options), &expected.hex(), id, think);
    };
    expect("01", &[1, 0, 0, 0], pad);
    expect("0101010101", &[1, 1, 1, 1, 1, 0, 0, 0], pad);
    expect(&"01".repeat(40), &[1; 40], ALL_OPTIONS);
    build(&lab, ["--protocol", "1", "--options", &"01".repeat(41)])
        .says(
            "limit-the-options",
            "In `encode`, refuse more than 40 bytes of options, because the IHL has four bits. Count them before you pad them.",
        )
        .expect_error(&["41 bytes of options, 40 at most"]);
}

#[test]
fn a_packet_has_at_most_65535_bytes() {
    let lab = subject!("08");
    let advice =
        ("all-lengths-that-fit", "In `encode`, 65,535 is a length that 16 bits can count.");
    let largest = packet(&[0; 65_515]).hex();
    let options = ["--protocol", "1", "--id", "7", "--payload", &"00".repeat(65_515)];
    expect_packet(&mut build(&lab, options), &largest, advice.0, advice.1);
    build(&lab, ["--protocol", "1", "--payload", &"00".repeat(65_516)])
        .says(
            "limit-the-packet",
            "In `encode`, the total length has 16 bits. `u16::try_from` refuses more.",
        )
        .expect_error(&["65536 bytes, 65535 at most"]);
}

#[test]
fn a_router_counts_down() {
    let lab = subject!("08");
    let start = packet(b"payload");
    with_sums(filter(&lab, ["header", "forward"]))
        .says(
            "one-hop-less",
            "In `forward`, subtract 1 from the time to live. `encode` writes the new checksum.",
        )
        .ask(&start.hex(), &Packet { ttl: 63, ..start.clone() }.hex())
        .ask(CAPTURED, "45b9001ea5f540002911ad1e7f0000017f000001841f270f000afe1d6869")
        .ask(
            &Packet {
                ttl: 2,
                options: vec![1, 1, 1, 0],
                flags_and_offset: 0x2005,
                ..start.clone()
            }
            .hex(),
            &Packet {
                ttl: 1,
                options: vec![1, 1, 1, 0],
                flags_and_offset: 0x2005,
                ..start.clone()
            }
            .hex(),
        )
        .says(
            "keep-the-reserved-flag",
            "In `parse`, keep all 16 bits of flags and offset, also the first one, which has no name yet.",
        )
        .ask(
            &Packet { flags_and_offset: 0x8000, ..start.clone() }.hex(),
            &Packet { flags_and_offset: 0x8000, ttl: 63, ..start.clone() }.hex(),
        )
        .says(
            "a-checksum-may-be-zero",
            "In `encode`, write the checksum as it is, also 0. Only UDP has another rule, because its checksum may be left out.",
        )
        .ask(
            &Packet { id: 26_343, ttl: 65, ..packet(b"") }.hex(),
            "4500001466e70000400100000a0000010a000002",
        )
        .says(
            "the-last-hop",
            "In `forward`, a time to live of 1 would become 0, and then the packet is dropped.",
        )
        .refuses(&Packet { ttl: 1, ..start.clone() }.hex(), "time exceeded")
        .refuses(&Packet { ttl: 0, ..start.clone() }.hex(), "time exceeded")
        .end();
}
