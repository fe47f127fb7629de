//! Step networks: prefixes, masks, and the ends of the table.

use std::net::{Ipv4Addr, Ipv6Addr};
use testkit::{Filter, filter, subject};

#[test]
fn a_network_is_address_and_mask() {
    filter(&subject!("08"), ["net"])
        .says(
            "and-with-the-mask",
            "In `network`, clear all bits behind the prefix. In `last`, set them.",
        )
        .ask(
            "192.168.1.152/24",
            "192.168.1.0/24 mask 255.255.255.0 first 192.168.1.1 last 192.168.1.254 broadcast 192.168.1.255 hosts 254",
        )
        .ask(
            "10.20.30.40/12",
            "10.16.0.0/12 mask 255.240.0.0 first 10.16.0.1 last 10.31.255.254 broadcast 10.31.255.255 hosts 1048574",
        )
        .end();
}

#[test]
fn every_prefix_of_ipv4_has_its_network() {
    let lab = subject!("08");
    let ip = Ipv4Addr::new(203, 170, 85, 201);
    let filter = filter(&lab, ["net"]).says(
        "every-prefix-to-30",
        "In `network`, `last` and `describe`, compute with the number of 32 bits. A prefix may end inside an octet.",
    );
    let ask = |filter: Filter, prefix: u32| {
        // In 64 bits, no shift is too long.
        let mask = (u64::from(u32::MAX) << (32 - prefix)) as u32;
        let (first, last) = (ip.to_bits() & mask, ip.to_bits() | !mask);
        let [network, first, last, broadcast, mask] =
            [first, first + 1, last - 1, last, mask].map(Ipv4Addr::from_bits);
        let hosts = (1_u64 << (32 - prefix)) - 2;
        let line = format!(
            "{network}/{prefix} mask {mask} first {first} last {last} broadcast {broadcast} hosts {hosts}"
        );
        filter.ask(&format!("{ip}/{prefix}"), &line)
    };
    (1..=30).fold(filter, ask).end();
}

#[test]
fn a_prefix_of_zero_has_all_addresses() {
    filter(&subject!("08"), ["net"])
        .says(
            "a-shift-by-32-does-not-fit",
            "In `mask` and `network`, treat /0 apart: a shift by all bits is an overflow. `checked_shl` returns `None` for it.",
        )
        .ask(
            "1.2.3.4/0",
            "0.0.0.0/0 mask 0.0.0.0 first 0.0.0.1 last 255.255.255.254 broadcast 255.255.255.255 hosts 4294967294",
        )
        .end();
}

#[test]
fn the_smallest_networks_have_one_and_two_hosts() {
    filter(&subject!("08"), ["net"])
        .says(
            "both-ends-of-a-31",
            "In `describe`, both addresses of a /31 are hosts (RFC 3021), and it has no broadcast address.",
        )
        .ask(
            "192.0.2.7/31",
            "192.0.2.6/31 mask 255.255.255.254 first 192.0.2.6 last 192.0.2.7 broadcast none hosts 2",
        )
        .says("a-32-is-one-host", "In `describe`, the only address of a /32 is a host.")
        .ask(
            "255.255.255.255/32",
            "255.255.255.255/32 mask 255.255.255.255 first 255.255.255.255 last 255.255.255.255 broadcast none hosts 1",
        )
        .end();
}

const NO_BROADCAST: (&str, &str) = (
    "a-32-has-no-broadcast-address",
    "In `describe`, the only address of a /32 is first, last and its only host. It has no broadcast address.",
);

#[test]
fn a_mask_stands_for_its_prefix() {
    filter(&subject!("08"), ["net"])
        .says(
            "a-mask-is-a-prefix",
            "In `parse`, read a right part with dots as an IPv4 text, and count its ones by `prefix_of`.",
        )
        .ask(
            "172.16.5.5/255.255.240.0",
            "172.16.0.0/20 mask 255.255.240.0 first 172.16.0.1 last 172.16.15.254 broadcast 172.16.15.255 hosts 4094",
        )
        .ask(
            "1.2.3.4/0.0.0.0",
            "0.0.0.0/0 mask 0.0.0.0 first 0.0.0.1 last 255.255.255.254 broadcast 255.255.255.255 hosts 4294967294",
        )
        // Behind a right mask, not the mask is wrong.
        .says_from_word(3, NO_BROADCAST)
        .ask(
            "192.0.2.7/255.255.255.255",
            "192.0.2.7/32 mask 255.255.255.255 first 192.0.2.7 last 192.0.2.7 broadcast none hosts 1",
        )
        .says(
            "ones-then-zeros",
            "In `prefix_of`, compare the mask with the mask of that prefix. A zero in front of a one is a hole.",
        )
        .refuses("10.0.0.0/255.0.255.0", "mask has a hole")
        .refuses("10.0.0.0/0.0.0.255", "mask has a hole")
        .refuses("10.0.0.0/255.255.255.256", "mask: octet 4 is more than 255")
        .end();
}

#[test]
fn a_network_of_ipv6_has_no_broadcast_address() {
    filter(&subject!("08"), ["net"])
        .says(
            "every-ipv6-address-is-a-host",
            "In `describe`, every address of an IPv6 network is a host, from the first to the last.",
        )
        .ask(
            "2001:db8::1/32",
            "2001:db8::/32 first 2001:db8:: last 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff hosts 79228162514264337593543950336",
        )
        .ask("::1/128", "::1/128 first ::1 last ::1 hosts 1")
        .ask("::1/127", "::/127 first :: last ::1 hosts 2")
        .ask("::5/126", "::4/126 first ::4 last ::7 hosts 4")
        .ask(
            "fe80::1/1",
            "8000::/1 first 8000:: last ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff hosts 170141183460469231731687303715884105728",
        )
        .end();
}

#[test]
fn every_prefix_of_ipv6_has_its_network() {
    let lab = subject!("08");
    let ip = Ipv6Addr::from_bits(0x2001_0db8_aa55_c33c_5aa5_3cc3_9669_f00f);
    let filter = filter(&lab, ["net"]).says(
        "every-prefix-to-128",
        "In `network` and `last`, compute with the number of 128 bits. Two halves of 64 bits go wrong where they meet.",
    );
    let ask = |filter: Filter, prefix: u32| {
        let hosts = u128::MAX >> prefix;
        let [first, last] = [ip.to_bits() & !hosts, ip.to_bits() | hosts].map(Ipv6Addr::from_bits);
        let line = format!("{first}/{prefix} first {first} last {last} hosts {}", hosts + 1);
        filter.ask(&format!("{ip}/{prefix}"), &line)
    };
    (1..=127).fold(filter, ask).end();
}

#[test]
fn all_of_ipv6_can_be_counted() {
    filter(&subject!("08"), ["net"])
        .says(
            "two-to-the-128",
            "In `describe`, 2^128 is one more than a u128 holds. Treat ::/0 apart.",
        )
        .ask(
            "::1/0",
            "::/0 first :: last ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff hosts 340282366920938463463374607431768211456",
        )
        .end();
}

#[test]
fn what_is_no_network_is_refused() {
    filter(&subject!("08"), ["net"])
        .says("refuse-a-wrong-network", "In `parse`, check from the left: slash, address, prefix.")
        .refuses("10.0.0.0", "no prefix")
        .refuses("10.0.0/8", "3 octets, not 4")
        .refuses("10.0.0/x", "3 octets, not 4")
        .says("no-zone-in-a-network", "In `parse`, refuse an address with a zone before you look at the prefix.")
        .refuses("fe80::1%lo/64", "no zone is expected here")
        .refuses("fe80::1%lo/x", "no zone is expected here")
        .says(
            "a-prefix-has-digits-only",
            "In `parse`, all behind the first slash is the prefix. It has digits only, and `parse` of a number takes a sign, too.",
        )
        .refuses("10.0.0.0/", "prefix is not a number")
        .refuses("10.0.0.0/x", "prefix is not a number")
        .refuses("10.0.0.0/+8", "prefix is not a number")
        .refuses("10.0.0.0/ 8", "prefix is not a number")
        .refuses("10.0.0.0/8/8", "prefix is not a number")
        .says("a-mask-is-ipv4", "In `parse`, read a right part with dots as a mask only if the address is IPv4.")
        .refuses("::/255.0.0.0", "prefix is not a number")
        .says(
            "a-prefix-has-a-limit",
            "In `network`, compare the prefix with the number of bits of the family, 32 or 128.",
        )
        .refuses("10.0.0.0/33", "prefix is more than 32")
        .refuses("::/129", "prefix is more than 128")
        .says(
            "a-long-number-is-a-number",
            "In `parse`, digits that fit into no u32 are a number, too, and a prefix that is too long.",
        )
        .refuses("10.0.0.0/99999999999999999999", "prefix is more than 32")
        .says(
            "zeros-in-front-of-a-prefix",
            "In `parse`, a prefix of digits only is a decimal number, however many zeros are in front.",
        )
        .ask(
            "10.0.0.0/0030",
            "10.0.0.0/30 mask 255.255.255.252 first 10.0.0.1 last 10.0.0.2 broadcast 10.0.0.3 hosts 2",
        )
        .end();
}

#[test]
fn an_address_is_in_a_network_if_the_first_bits_agree() {
    let lab = subject!("08");
    let think = "In `contains`, clear the last bits of the address and compare numbers. A prefix may end inside an octet.";
    filter(&lab, ["in", "10.1.0.0/16"])
        .says("compare-numbers", think)
        .ask("10.1.255.255", "10.1.255.255 yes")
        .ask("10.10.0.1", "10.10.0.1 no")
        .ask("10.2.0.1", "10.2.0.1 no")
        .refuses("10.1.0", "3 octets, not 4")
        .end();
    filter(&lab, ["in", "172.16.0.0/12"])
        .says("compare-numbers", think)
        .ask("172.31.0.1", "172.31.0.1 yes")
        .ask("172.32.0.1", "172.32.0.1 no")
        .end();
    filter(&lab, ["in", "192.0.2.128/25"])
        .says("compare-numbers", think)
        .ask("192.0.2.200", "192.0.2.200 yes")
        .ask("192.0.2.127", "192.0.2.127 no")
        .end();
    filter(&lab, ["in", "2001:db8:8000::/33"])
        .says("compare-numbers", think)
        .ask("2001:db8:ffff::1", "2001:db8:ffff::1 yes")
        .ask("2001:db8:7fff::1", "2001:db8:7fff::1 no")
        .end();
}

#[test]
fn every_bit_of_an_ipv6_prefix_counts() {
    let lab = subject!("08");
    let ip = Ipv6Addr::from_bits(0x2001_0db8_aa55_c33c_5aa5_3cc3_9669_f00f);
    for prefix in [1, 63, 64, 65, 100, 127] {
        // The last bit of the prefix differs, or the first one behind it.
        let other = Ipv6Addr::from_bits(ip.to_bits() ^ 1 << (128 - prefix));
        let inside = Ipv6Addr::from_bits(ip.to_bits() ^ 1 << (127 - prefix));
        filter(&lab, ["in", &format!("{ip}/{prefix}")])
            .says(
                "compare-all-bits-of-the-prefix",
                "In `contains`, compare as many of the 128 bits as the prefix says. It may end behind the first 64.",
            )
            .ask(&other.to_string(), &format!("{other} no"))
            .ask(&inside.to_string(), &format!("{inside} yes"))
            .end();
    }
}

#[test]
fn everything_is_in_a_network_with_prefix_zero() {
    let lab = subject!("08");
    let think =
        "In `contains`, prefix 0 leaves no bit to compare. A shift by all bits is an overflow.";
    filter(&lab, ["in", "0.0.0.0/0"])
        .says("prefix-zero-contains-all", think)
        .ask("255.1.2.3", "255.1.2.3 yes")
        .end();
    filter(&lab, ["in", "::/0"])
        .says("prefix-zero-contains-all", think)
        .ask("ffff::1", "ffff::1 yes")
        .end();
}

#[test]
fn families_never_match_except_mapped_addresses() {
    let lab = subject!("08");
    let think = "In `contains`, call `to_canonical` for the address first. A mapped address is its IPv4 address.";
    filter(&lab, ["in", "10.0.0.0/8"])
        .says("mapped-is-ipv4", think)
        .ask("::ffff:10.1.2.3", "::ffff:10.1.2.3 yes")
        .ask("::ffff:11.1.2.3", "::ffff:11.1.2.3 no")
        .ask("::10.1.2.3", "::10.1.2.3 no")
        .end();
    let network = "In `contains`, a network inside of ::ffff:0:0/96 is an IPv4 network. Its prefix is 96 less then: ::ffff:10.0.0.0/104 is 10.0.0.0/8.";
    let families = "In `contains`, compare the families before the bits. Neither family is in a network of the other, also not in ::/0.";
    filter(&lab, ["in", "::ffff:10.0.0.0/104"])
        .says("a-mapped-network-is-ipv4", network)
        .ask("10.1.2.3", "10.1.2.3 yes")
        .ask("10.255.2.3", "10.255.2.3 yes")
        .ask("11.1.2.3", "11.1.2.3 no")
        .ask("::ffff:10.9.9.9", "::ffff:10.9.9.9 yes")
        .end();
    filter(&lab, ["in", "::ffff:0:0/96"])
        .says("a-mapped-network-is-ipv4", network)
        .ask("10.1.2.3", "10.1.2.3 yes")
        .says("compare-families", families)
        .ask("::1", "::1 no")
        .end();
    filter(&lab, ["in", "::/0"])
        .says("compare-families", families)
        .ask("10.1.2.3", "10.1.2.3 no")
        .ask("::ffff:10.1.2.3", "::ffff:10.1.2.3 no")
        .end();
    filter(&lab, ["in", "0.0.0.0/0"]).says("compare-families", families).ask("::1", "::1 no").end();
}

#[test]
fn a_network_is_split_into_equal_parts() {
    let lab = subject!("08");
    let think = "In `split`, part N has the number N between the bits of the network and those of its hosts.";
    let expect = |network: &str, prefix: &str, parts: &[&str]| {
        let mut split = lab.run_tool(["split", network, prefix]);
        split.says("number-the-parts", think);
        for part in parts {
            split.expect_line(part);
        }
        let exit = split.expect_exit(0);
        let count = exit.stdout.split(|byte| *byte == b'\n').count() - 1;
        let sentence = format!("{count} networks instead of {} were printed.", parts.len());
        lab.check(count == parts.len(), &sentence, "number-the-parts", think);
    };
    expect(
        "192.168.4.9/22",
        "24",
        &["192.168.4.0/24", "192.168.5.0/24", "192.168.6.0/24", "192.168.7.0/24"],
    );
    expect("10.0.0.0/31", "32", &["10.0.0.0/32", "10.0.0.1/32"]);
    expect("10.1.2.3/24", "24", &["10.1.2.0/24"]);
    expect("::/0", "0", &["::/0"]);
    expect("::/0", "2", &["::/2", "4000::/2", "8000::/2", "c000::/2"]);
    expect("2001:db8::/32", "33", &["2001:db8::/33", "2001:db8:8000::/33"]);
    expect("2001:db8::/127", "128", &["2001:db8::/128", "2001:db8::1/128"]);
    expect(
        "2001:db8:0:fffe::/63",
        "65",
        &[
            "2001:db8:0:fffe::/65",
            "2001:db8:0:fffe:8000::/65",
            "2001:db8:0:ffff::/65",
            "2001:db8:0:ffff:8000::/65",
        ],
    );
}

#[test]
fn a_split_has_limits() {
    let lab = subject!("08");
    let think = "In `split`, check the prefix first. The command line decides how many parts there are, so refuse more than 65,536.";
    let refuses = |network: &str, prefix: &str, reason: &str| {
        // The failure shows the last words of this run, not those of the runs before.
        let lab = subject!("08");
        let mut split = lab.run_tool(["split", network, prefix]);
        split.says("limit-the-parts", think);
        split.expect_error(&[&format!("cannot split {network}: {reason}")]);
    };
    refuses("10.0.0.0/8", "7", "prefix is less than 8");
    refuses("10.0.0.0/8", "33", "prefix is more than 32");
    refuses("10.0.0.0/8", "25", "more than 65536 networks");
    refuses("::/0", "128", "more than 65536 networks");
    let exit = lab.run_tool(["split", "::/16", "32"]).expect_exit(0);
    let lines: Vec<&[u8]> = exit.stdout.split(|byte| *byte == b'\n').collect();
    let last = format!("{}/32", Ipv6Addr::from_bits(0xffff << 96));
    lab.check(
        lines.len() == 65_537 && lines[65_535] == last.as_bytes(),
        "The 65,536 parts of ::/16 were not printed.",
        "limit-the-parts",
        think,
    );
}
