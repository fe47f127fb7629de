//! Step text: addresses as numbers and as texts.

use testkit::{Filter, Subject, filter, subject};

/// Bits, kind and class of `ip`, as `show` prints them after the family.
fn shown(ip: &str, kind: &str, class: &str) -> String {
    let bits: Vec<String> = ip
        .split('.')
        .map(|octet| format!("{:08b}", octet.parse::<u8>().expect("the test has octets")))
        .collect();
    format!("{ip} ipv4 {} {kind} {class}", bits.join("."))
}

/// `show`, with advice for the first word of an IPv4 address that is wrong: bits, kind or class.
fn show(lab: &Subject) -> Filter {
    let filter = filter(lab, ["show"]).says_from_word(2, BITS).says_from_word(3, KIND);
    filter.says_from_word(4, CLASS).says_if_it_has("has a leading zero", ONE_ZERO)
}

/// `show`, with advice for the first word of an IPv6 address that is wrong: bits or kind.
fn show_ipv6(lab: &Subject) -> Filter {
    let filter = filter(lab, ["show"]).says_from_word(2, GROUPS).says_from_word(3, IPV6_KIND);
    filter.says_if_it_has(" mapped ", MAPPED)
}

const BITS: (&str, &str) = (
    "pad-with-zeros",
    "In `describe`, print each octet by `{:08b}`, the most significant one first. Without a width, leading zeros are missing.",
);

const GROUPS: (&str, &str) = (
    "pad-the-groups",
    "In `describe`, print each segment by `{:04x}`. Without a width, leading zeros are missing.",
);

const KIND: (&str, &str) = (
    "compare-as-many-bits-as-the-prefix",
    "In `ipv4_kind`, compare the first bits of two numbers, as many as the prefix says. A /12 ends inside an octet.",
);

const ONE_ZERO: (&str, &str) =
    ("one-zero-is-a-number", "In `parse_ipv4`, accept an octet that is a single 0.");

const CLASS: (&str, &str) = (
    "count-leading-ones",
    "In `class`, look at the first bits: 0 is A, 10 is B, 110 is C, 1110 is D, and 1111 is E.",
);

const IPV6_KIND: (&str, &str) = (
    "kinds-of-ipv6",
    "In `ipv6_kind`, compare bits and not texts: `ff::1` begins with 0x00ff. std has a method for most kinds.",
);

const DOCUMENTATION: (&str, &str) = (
    "prefixes-of-documentation",
    "In `ipv6_kind`, 2001:db8::/32 is the first two segments. 3fff::/20 is the first one and four bits of the next.",
);

const MAPPED: (&str, &str) = (
    "find-the-mapped-address",
    "In `ipv6_kind`, `to_ipv4_mapped` finds the IPv4 address in ::ffff:0:0/96, and in no other network. `to_ipv4` finds one in ::/96, too.",
);

const A: &str = "class A /8: 128 networks of 16777214 hosts";
const B: &str = "class B /16: 16384 networks of 65534 hosts";
const C: &str = "class C /24: 2097152 networks of 254 hosts";

#[test]
fn an_ipv4_address_has_bits_a_kind_and_a_class() {
    show(&subject!("08"))
        .says(
            "print-bits-kind-and-class",
            "In `describe`, print the address, its family, its bits, and then kind and class.",
        )
        .ask(
            "192.168.1.152",
            "192.168.1.152 ipv4 11000000.10101000.00000001.10011000 private class C /24: 2097152 networks of 254 hosts",
        )
        .ask(
            "239.255.70.3",
            "239.255.70.3 ipv4 11101111.11111111.01000110.00000011 multicast class D",
        )
        .end();
}

#[test]
fn each_argument_is_a_question() {
    // The texts of the test before, so that this one fails for no other reason.
    let first = shown("192.168.1.152", "private", C);
    let last = shown("239.255.70.3", "multicast", "class D");
    subject!("08")
        .run_tool(["show", "192.168.1.152", "x", "239.255.70.3"])
        .says(
            "answer-each-argument",
            "In `describe`, an argument has the same answer as a line of stdin. In `parse_ipv4`, refuse `x`.",
        )
        .expect_line(&first)
        .expect_line("ERROR 1 octets, not 4: x")
        .expect_line(&last)
        .expect_exit(1);
}

#[test]
fn each_octet_has_eight_digits() {
    let lab = subject!("08");
    let filter = show(&lab).says(BITS.0, BITS.1);
    let table = ["1.2.3.4", "5.6.7.8", "9.10.16.32", "64.100.127.128", "64.192.255.0"];
    let ask = |filter: Filter, ip: &str| filter.ask(ip, &shown(ip, "public", A));
    table.into_iter().fold(filter, ask).end();
}

#[test]
fn a_text_has_four_octets() {
    show(&subject!("08"))
        .says(
            "count-the-octets-first",
            "In `parse_ipv4`, count the parts between the dots before you look at one of them.",
        )
        .refuses("1.2.3", "3 octets, not 4")
        .refuses("1.2.3.4.5", "5 octets, not 4")
        .refuses("16909060", "1 octets, not 4")
        .refuses("", "1 octets, not 4")
        .refuses("a.b.c.d.e", "5 octets, not 4")
        .says("name-an-empty-octet", "In `parse_ipv4`, refuse an octet without a character.")
        .refuses("1.2.3.", "octet 4 is empty")
        .refuses("1..3.4", "octet 2 is empty")
        .end();
}

#[test]
fn an_octet_has_decimal_digits_only() {
    show(&subject!("08"))
        .says(
            "digits-only",
            "In `parse_ipv4`, look at the characters of an octet before `parse`, which takes a sign, too.",
        )
        .refuses("1.2.3.x", "octet 4 is not a number")
        .refuses("1.2.+3.4", "octet 3 is not a number")
        .refuses("-1.2.3.4", "octet 1 is not a number")
        .refuses("1. 2.3.4", "octet 2 is not a number")
        .refuses(" 1.2.3.4", "octet 1 is not a number")
        .refuses("1.2.3.4 ", "octet 4 is not a number")
        .refuses("0x7f.0.0.1", "octet 1 is not a number")
        .refuses("1.2.3.٤", "octet 4 is not a number")
        .end();
}

#[test]
fn a_leading_zero_is_refused() {
    show(&subject!("08"))
        .says(ONE_ZERO.0, ONE_ZERO.1)
        .ask("0.0.0.0", &shown("0.0.0.0", "this-network", A))
        .says(
            "refuse-a-leading-zero",
            "In `parse_ipv4`, refuse a zero in front of a digit. inet_aton(3) reads 0177 as 127, and other programs as 177.",
        )
        .refuses("0177.0.0.1", "octet 1 has a leading zero")
        .refuses("10.0.0.01", "octet 4 has a leading zero")
        .refuses("10.00.0.1", "octet 2 has a leading zero")
        .refuses("0999.0.0.1", "octet 1 has a leading zero")
        .end();
}

#[test]
fn an_octet_is_at_most_255() {
    show(&subject!("08"))
        .says(
            "octets-end-at-255",
            "In `parse_ipv4`, a number that does not fit into a u8 is more than 255, however many digits it has.",
        )
        .refuses("256.0.0.1", "octet 1 is more than 255")
        .refuses("1.2.3.1000", "octet 4 is more than 255")
        .refuses("1.2.99999999999999999999999999999999999999999.4", "octet 3 is more than 255")
        .end();
}

#[test]
fn the_first_wrong_octet_is_named() {
    show(&subject!("08"))
        .says(
            "check-from-the-left",
            "In `parse_ipv4`, check each octet completely before you look at the next one.",
        )
        .refuses("300.x..01", "octet 1 is more than 255")
        .refuses("1.01.x.", "octet 2 has a leading zero")
        .refuses("1.2.x.300", "octet 3 is not a number")
        .end();
}

#[test]
fn the_class_is_in_the_first_bits() {
    show(&subject!("08"))
        .says(CLASS.0, CLASS.1)
        .ask("126.1.1.1", &shown("126.1.1.1", "public", A))
        .ask("127.1.1.1", &shown("127.1.1.1", "loopback", A))
        .ask("128.1.1.1", &shown("128.1.1.1", "public", B))
        .ask("191.1.1.1", &shown("191.1.1.1", "public", B))
        .ask("192.1.1.1", &shown("192.1.1.1", "public", C))
        .ask("223.1.1.1", &shown("223.1.1.1", "public", C))
        .ask("224.1.1.1", &shown("224.1.1.1", "multicast", "class D"))
        .ask("239.1.1.1", &shown("239.1.1.1", "multicast", "class D"))
        .ask("240.1.1.1", &shown("240.1.1.1", "reserved", "class E"))
        .ask("248.1.1.1", &shown("248.1.1.1", "reserved", "class E"))
        .end();
}

#[test]
fn a_kind_ends_where_its_network_ends() {
    let kinds = [
        ("0.255.255.255", "this-network"),
        ("1.0.0.0", "public"),
        ("9.255.255.255", "public"),
        ("10.0.0.0", "private"),
        ("10.255.255.255", "private"),
        ("11.0.0.0", "public"),
        ("172.15.255.255", "public"),
        ("172.16.0.0", "private"),
        ("172.31.255.255", "private"),
        ("172.32.0.0", "public"),
        ("192.167.255.255", "public"),
        ("192.168.255.255", "private"),
        ("192.169.0.0", "public"),
        ("100.63.255.255", "public"),
        ("100.64.0.0", "shared"),
        ("100.127.255.255", "shared"),
        ("100.128.0.0", "public"),
        ("169.254.0.1", "link-local"),
        ("169.255.0.0", "public"),
        ("192.0.2.255", "documentation"),
        ("192.0.3.0", "public"),
        ("198.51.100.7", "documentation"),
        ("203.0.113.7", "documentation"),
        ("198.17.255.255", "public"),
        ("198.18.0.0", "benchmarking"),
        ("198.19.255.255", "benchmarking"),
        ("198.20.0.0", "public"),
        ("255.255.255.254", "reserved"),
        ("255.255.255.255", "broadcast"),
    ];
    let lab = subject!("08");
    let filter = show(&lab).says(KIND.0, KIND.1);
    let class = |ip: &str| match ip.split('.').next().and_then(|first| first.parse::<u8>().ok()) {
        Some(..128) => A,
        Some(..192) => B,
        Some(..224) => C,
        _ => "class E",
    };
    kinds
        .into_iter()
        .fold(filter, |filter, (ip, kind)| filter.ask(ip, &shown(ip, kind, class(ip))))
        .end();
}

#[test]
fn an_ipv6_address_has_one_canonical_form() {
    show_ipv6(&subject!("08"))
        .says(
            "print-the-form-of-rfc-5952",
            "In `describe`, print the address itself, not the text of the question. std writes the form of RFC 5952.",
        )
        .ask(
            "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
            "2001:db8:85a3::8a2e:370:7334 ipv6 2001:0db8:85a3:0000:0000:8a2e:0370:7334 documentation",
        )
        .ask(
            "2001:DB8:0:0:1:0:0:1",
            "2001:db8::1:0:0:1 ipv6 2001:0db8:0000:0000:0001:0000:0000:0001 documentation",
        )
        .ask(
            "2001:db8::1:1:1:1:1",
            "2001:db8:0:1:1:1:1:1 ipv6 2001:0db8:0000:0001:0001:0001:0001:0001 documentation",
        )
        .ask(
            "1:0:0:2:0:0:0:3",
            "1:0:0:2::3 ipv6 0001:0000:0000:0002:0000:0000:0000:0003 public",
        )
        .end();
}

#[test]
fn an_ipv6_address_has_a_kind() {
    let zeros = |start: &str, end: &str| format!("{start}:0000:0000:0000:0000:0000:0000:{end}");
    show_ipv6(&subject!("08"))
        .says(IPV6_KIND.0, IPV6_KIND.1)
        .ask("::", &format!(":: ipv6 {} unspecified", zeros("0000", "0000")))
        .ask("::1", &format!("::1 ipv6 {} loopback", zeros("0000", "0001")))
        .ask("::2", &format!("::2 ipv6 {} public", zeros("0000", "0002")))
        .ask("fe80::1", &format!("fe80::1 ipv6 {} link-local", zeros("fe80", "0001")))
        .ask("febf::1", &format!("febf::1 ipv6 {} link-local", zeros("febf", "0001")))
        .ask("fec0::1", &format!("fec0::1 ipv6 {} public", zeros("fec0", "0001")))
        .ask("fc00::1", &format!("fc00::1 ipv6 {} unique-local", zeros("fc00", "0001")))
        .ask("fdff::1", &format!("fdff::1 ipv6 {} unique-local", zeros("fdff", "0001")))
        .ask("ff02::1", &format!("ff02::1 ipv6 {} multicast", zeros("ff02", "0001")))
        .ask("ff05::1", &format!("ff05::1 ipv6 {} multicast", zeros("ff05", "0001")))
        .ask("fe8::1", &format!("fe8::1 ipv6 {} public", zeros("0fe8", "0001")))
        .ask("fc::1", &format!("fc::1 ipv6 {} public", zeros("00fc", "0001")))
        .ask("fd::1", &format!("fd::1 ipv6 {} public", zeros("00fd", "0001")))
        .ask("ff::1", &format!("ff::1 ipv6 {} public", zeros("00ff", "0001")))
        .says_from_word(3, DOCUMENTATION)
        .ask("2001:db9::", "2001:db9:: ipv6 2001:0db9:0000:0000:0000:0000:0000:0000 public")
        .ask("2001:db80::", "2001:db80:: ipv6 2001:db80:0000:0000:0000:0000:0000:0000 public")
        .ask("3fff:fff::", "3fff:fff:: ipv6 3fff:0fff:0000:0000:0000:0000:0000:0000 documentation")
        .ask("3fff:1000::", "3fff:1000:: ipv6 3fff:1000:0000:0000:0000:0000:0000:0000 public")
        .end();
}

#[test]
fn a_mapped_address_has_an_ipv4_address_in_it() {
    show_ipv6(&subject!("08"))
        .says_from_word(3, MAPPED)
        .says(MAPPED.0, MAPPED.1)
        .ask(
            "::FFFF:10.0.0.1",
            "::ffff:10.0.0.1 ipv6 0000:0000:0000:0000:0000:ffff:0a00:0001 mapped 10.0.0.1",
        )
        .ask(
            "::ffff:a00:1",
            "::ffff:10.0.0.1 ipv6 0000:0000:0000:0000:0000:ffff:0a00:0001 mapped 10.0.0.1",
        )
        .ask("::10.0.0.1", "::a00:1 ipv6 0000:0000:0000:0000:0000:0000:0a00:0001 public")
        .ask(
            "64::ffff:10.0.0.1",
            "64::ffff:a00:1 ipv6 0064:0000:0000:0000:0000:ffff:0a00:0001 public",
        )
        .end();
}

#[test]
fn a_zone_belongs_to_an_address_of_one_link() {
    show_ipv6(&subject!("08"))
        .says(
            "read-the-zone",
            "In `parse`, divide the text at `%`. In `describe`, print the zone behind the address.",
        )
        .ask("FE80::1%lo", "fe80::1%lo ipv6 fe80:0000:0000:0000:0000:0000:0000:0001 link-local")
        .ask(
            "ff02::1%Eth0.1",
            "ff02::1%Eth0.1 ipv6 ff02:0000:0000:0000:0000:0000:0000:0001 multicast",
        )
        .ask("fe80::1%a%b", "fe80::1%a%b ipv6 fe80:0000:0000:0000:0000:0000:0000:0001 link-local")
        .says(
            "refuse-other-zones",
            "In `parse`, accept a zone only in fe80::/10 and ff02::/16. It has one byte or more, and each is `is_ascii_graphic`, so not a space or ESC.",
        )
        .refuses("::1%lo", "no zone is expected here")
        .refuses("2001:db8::1%eth0", "no zone is expected here")
        .refuses("ff05::1%eth0", "no zone is expected here")
        .refuses("ff12::1%eth0", "no zone is expected here")
        .refuses("fe80::1%", "no zone is expected here")
        .refuses("fe80::1%a b", "no zone is expected here")
        .refuses("fe80::1%ü", "no zone is expected here")
        .ask("fe80::1%a\u{1b}[7m", "ERROR no zone is expected here: fe80::1%a\u{fffd}[7m")
        .says(
            "check-the-zone-last",
            "In `parse`, read the number first. Its zone matters only if it is an address.",
        )
        .refuses("::g%", "not an IPv6 address")
        .end();
}

#[test]
fn what_has_a_colon_and_is_no_ipv6_address_is_refused() {
    show_ipv6(&subject!("08"))
        .says(
            "refuse-wrong-ipv6",
            "In `parse`, a text with a colon is IPv6. Return `NotIpv6` if std does not accept it.",
        )
        .refuses("1::2::3", "not an IPv6 address")
        .refuses("1:2:3:4:5:6:7", "not an IPv6 address")
        .refuses("12345::", "not an IPv6 address")
        .refuses("::g", "not an IPv6 address")
        .refuses("::ffff:1.2.3.256", "not an IPv6 address")
        .refuses("10.0.0.1:80", "not an IPv6 address")
        .refuses("[::1]", "not an IPv6 address")
        .refuses(" ::1", "not an IPv6 address")
        .end();
}
