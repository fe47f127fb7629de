//! The fragments of step header.

use super::super::packets::{Packet, packet};
use super::super::printed_packets::{Field, expect_fragment};
use std::slice;
use testkit::{Subject, subject};

/// What to check if a fragment is wrong in a certain field.
struct Advice {
    /// It is refused.
    refused: (&'static str, &'static str),
    /// Its options, or the length of its header.
    options: (&'static str, &'static str),
    /// Its total length.
    length: (&'static str, &'static str),
}

const CUT: Advice = Advice {
    refused: (
        "cut-what-may-be-cut",
        "In `fragment`, refuse a packet with DF, or if offset and payload are more than 65,535 bytes. The header does not count.",
    ),
    options: (
        "each-fragment-has-a-header",
        "In `fragment`, each piece has a header of its own. Only options that are to be copied are in all of them.",
    ),
    length: (
        "cut-in-units-of-eight",
        "In `fragment`, each piece but the last has as many bytes as fit, rounded down to a multiple of eight.",
    ),
};

const LAST: Advice = Advice {
    length: (
        "the-last-piece-fills-the-space",
        "In `fragment`, stop when the rest fits behind the header. Only the pieces before the last one are multiples of eight.",
    ),
    ..CUT
};

const WHOLE: Advice = Advice {
    refused: (
        "compare-the-length-first",
        "In `fragment`, compare the packet's length with `mtu` first, then look at DF, and at last at the end of the payload.",
    ),
    length: (
        "leave-a-packet-that-fits",
        "In `fragment`, a packet of at most `mtu` bytes is its own only fragment, unchanged.",
    ),
    ..CUT
};

const COPIED: Advice = Advice {
    options: (
        "copy-marked-options",
        "In `copied_options`, copy an option if the first bit of its type is 1. Check each length before you slice.",
    ),
    length: (
        "space-behind-each-header",
        "In `fragment`, compute the space behind each fragment's own header. A later fragment may have fewer options, and more payload.",
    ),
    ..CUT
};

const END_OF_LIST: (&str, &str) = (
    "end-the-list-of-options",
    "In `copied_options`, type 0 and a wrong length end the list. A type may be the last byte, without a length.",
);

/// A length of 0 that does not end the list lets the program print nothing, for ever.
const LISTED: Advice = Advice { options: END_OF_LIST, length: END_OF_LIST, ..COPIED };

const PADDED: Advice = Advice {
    length: (
        "pad-the-copied-options",
        "In `copied_options`, pad the options to words of four bytes. Otherwise `fragment` counts a header too short, and its fragment exceeds the MTU.",
    ),
    ..COPIED
};

impl Advice {
    fn of(&self, field: Field) -> (&'static str, &'static str) {
        match field {
            Field::Unread => (
                "read-the-packet-first",
                "In `parse`, this packet must be accepted. The tests of `header parse` come first.",
            ),
            Field::Refused => self.refused,
            Field::Flags => (
                "keep-the-flags",
                "In `fragment`, each piece but the last has the flag MF. All other flags are the packet's, and the last piece has all its flags.",
            ),
            Field::Offset => (
                "offsets-begin-at-the-packet-s",
                "In `fragment`, offsets count units of eight bytes. The first one is the packet's own, because a fragment can be cut again.",
            ),
            Field::Length => self.length,
            Field::Other => self.options,
        }
    }
}

/// Cuts `whole` by `header fragment`, and expects `fragments`.
fn expect_fragments(
    lab: &Subject,
    whole: &Packet,
    mtu: &str,
    fragments: &[Packet],
    advice: &Advice,
) {
    let mut process = lab.run_tool(["header", "fragment", "--mtu", mtu, &whole.hex()]);
    for (index, fragment) in fragments.iter().enumerate() {
        let number = (index + 1, fragments.len());
        expect_fragment(&mut process, number, &fragment.hex(), |field| advice.of(field));
    }
    let exit = process.expect_exit(0);
    let count = exit.stdout.split(|byte| *byte == b'\n').count() - 1;
    let sentence = format!("{count} fragments instead of {} were printed.", fragments.len());
    lab.check(
        count == fragments.len(),
        &sentence,
        "cut-until-the-rest-fits",
        "In `fragment`, cut until the rest of the payload fits behind the header.",
    );
}

/// The part of `whole` from byte `start` to `end`, with the flag "more fragments" or not.
fn part(whole: &Packet, start: usize, end: usize, more: u16) -> Packet {
    let offset = (whole.flags_and_offset & 0x1fff) + (start / 8) as u16;
    Packet {
        flags_and_offset: offset | more,
        payload: whole.payload[start..end].to_vec(),
        ..whole.clone()
    }
}

#[test]
fn a_large_packet_is_cut() {
    let lab = subject!("08");
    let bytes: Vec<u8> = (0..200).collect();
    let whole = packet(&bytes);
    // 100 - 20 bytes are 80, a multiple of eight. 70 - 20 are 50, and 48 is one.
    let cut = |size: usize| {
        let starts = (0..200).step_by(size);
        let more = |end| if end < 200 { 0x2000 } else { 0 };
        let part = |start: usize| part(&whole, start, 200.min(start + size), more(start + size));
        starts.map(part).collect::<Vec<Packet>>()
    };
    expect_fragments(&lab, &whole, "100", &cut(80), &CUT);
    expect_fragments(&lab, &whole, "70", &cut(48), &CUT);
    expect_fragments(&lab, &whole, "219", &cut(192), &CUT);
    // 50 bytes fit behind the header, and only the last piece need not be a multiple of eight.
    let two = packet(&bytes[..98]);
    let parts = [part(&two, 0, 48, 0x2000), part(&two, 48, 98, 0)];
    expect_fragments(&lab, &two, "70", &parts, &LAST);
}

#[test]
fn a_packet_that_fits_is_not_cut() {
    let lab = subject!("08");
    let whole = Packet { flags_and_offset: 0x4000, ..packet(&[7; 200]) };
    expect_fragments(&lab, &whole, "220", slice::from_ref(&whole), &WHOLE);
    let fragment = Packet { flags_and_offset: 0x2000 | 3, ..packet(&[7; 48]) };
    expect_fragments(&lab, &fragment, "68", slice::from_ref(&fragment), &WHOLE);
    // It ends beyond 65,535. But only a packet that is cut is looked at so closely.
    let beyond = Packet { flags_and_offset: 0x1fff, ..packet(&[7; 48]) };
    expect_fragments(&lab, &beyond, "68", slice::from_ref(&beyond), &WHOLE);
    let mut process = lab.run_tool(["header", "fragment", "--mtu", "219", &whole.hex()]);
    process.says(
        "respect-df",
        "In `fragment`, a packet with the flag DF is not cut. Its sender wants to learn the MTU (RFC 1191).",
    );
    process.expect_line(&format!("ERROR fragmentation needed: {}", whole.hex())).expect_exit(1);
}

#[test]
fn a_fragment_can_be_cut_again() {
    let lab = subject!("08");
    let middle = Packet { flags_and_offset: 0x2000 | 185, ..packet(&[5; 96]) };
    let halves = [part(&middle, 0, 48, 0x2000), part(&middle, 48, 96, 0x2000)];
    expect_fragments(&lab, &middle, "68", &halves, &CUT);
    let last = Packet { flags_and_offset: 185, ..packet(&[5; 60]) };
    let parts = [part(&last, 0, 48, 0x2000), part(&last, 48, 60, 0)];
    expect_fragments(&lab, &last, "68", &parts, &CUT);
    let reserved = Packet { flags_and_offset: 0x8000, ..packet(&[5; 60]) };
    let parts = [part(&reserved, 0, 48, 0xa000), part(&reserved, 48, 60, 0x8000)];
    expect_fragments(&lab, &reserved, "68", &parts, &CUT);
    // Its last byte has the number 65,534, so it ends at 65,535.
    let at_the_end = Packet { flags_and_offset: 0x1ff7, ..packet(&[5; 71]) };
    let parts = [part(&at_the_end, 0, 48, 0x2000), part(&at_the_end, 48, 71, 0)];
    expect_fragments(&lab, &at_the_end, "68", &parts, &CUT);
    let beyond = Packet { flags_and_offset: 0x1ff7, ..packet(&[5; 72]) };
    let mut process = lab.run_tool(["header", "fragment", "--mtu", "68", &beyond.hex()]);
    process.says(
        "offsets-have-an-end",
        "In `fragment`, refuse a payload that ends beyond 65,535, and name this end (offset and payload). Such packets have crashed receivers (\"ping of death\").",
    );
    process
        .expect_line(&format!("ERROR 65536 bytes, 65535 at most: {}", beyond.hex()))
        .expect_exit(1);
}

#[test]
fn options_are_copied_if_they_ask_for_it() {
    let lab = subject!("08");
    // Type 0x44 (timestamp) is not copied, 0x88 (stream id) and 0x83 (loose source route) are.
    let timestamp = [0x44, 4, 5, 0];
    let stream = [0x88, 4, 3, 7];
    let route = [0x83, 3, 4];
    let cases: [(Vec<u8>, Vec<u8>); 4] = [
        (timestamp.to_vec(), vec![]),
        ([timestamp, stream].concat(), stream.to_vec()),
        ([&[1][..], &route].concat(), vec![0x83, 3, 4, 0]),
        (vec![0x88, 2, 0, 0], vec![0x88, 2, 0, 0]),
    ];
    for (options, copied) in cases {
        expect_copied(&lab, 88, options, copied, &COPIED);
    }
    let cases: [(Vec<u8>, Vec<u8>); 7] = [
        (vec![0x88, 1, 3, 7], vec![]),
        (vec![0x88, 5, 3, 7], vec![]),
        (vec![0x88, 0, 3, 7], vec![]),
        (vec![1, 1, 1, 0x88], vec![]),
        (vec![0, 0x88, 3, 7], vec![]),
        (vec![0x88, 1, 0x88, 2], vec![]),
        ([stream, [0x88, 9, 0, 0]].concat(), stream.to_vec()),
    ];
    for (options, copied) in cases {
        expect_copied(&lab, 88, options, copied, &LISTED);
    }
    // Three bytes of options leave 64 bytes in 87, and four bytes leave 56.
    expect_copied(&lab, 87, [&[1][..], &route].concat(), vec![0x83, 3, 4, 0], &PADDED);
}

/// Cuts a packet with `options` into three fragments, of which the later ones have `copied`.
fn expect_copied(lab: &Subject, mtu: usize, options: Vec<u8>, copied: Vec<u8>, advice: &Advice) {
    let space = |options: &[u8]| (mtu - 20 - options.len()) & !7;
    let (second, third) = (space(&options), space(&options) + space(&copied));
    let whole = Packet { options, ..packet(&[9; 140]) };
    let later = Packet { options: copied, ..whole.clone() };
    let fragments = [
        part(&whole, 0, second, 0x2000),
        part(&later, second, third, 0x2000),
        part(&later, third, 140, 0),
    ];
    expect_fragments(lab, &whole, &mtu.to_string(), &fragments, advice);
}
