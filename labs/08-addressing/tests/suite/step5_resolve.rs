//! Step resolve: hosts, ports, and names with several addresses.

use testkit::{Process, Subject, show_all, subject};

fn resolve(lab: &Subject, target: &str) -> Process {
    lab.run_tool(["resolve", target])
}

/// Expects exactly `lines` for `target`.
fn expect(lab: &Subject, target: &str, lines: &[&str], (id, think): (&str, &str)) {
    let mut process = resolve(lab, target);
    process.says(id, think);
    for line in lines {
        process.expect_line(line);
    }
    let exit = process.expect_exit(0);
    let printed = String::from_utf8_lossy(&exit.stdout).into_owned();
    let more: Vec<&str> = printed.lines().skip(lines.len()).collect();
    let sentence = format!("{target} has one more answer: {}.", show_all(&more));
    lab.check(more.is_empty(), &sentence, id, think);
}

fn refuses(lab: &Subject, target: &str, reason: &str, (id, think): (&str, &str)) {
    let mut process = resolve(lab, target);
    process.says(id, think).expect_line(&format!("ERROR {reason}: {target}")).expect_exit(1);
}

#[test]
fn an_address_is_its_own_answer() {
    let lab = subject!("08");
    let advice = (
        "addresses-need-no-resolver",
        "In `resolve`, an IPv4 text, and an IPv6 text in brackets, is one address.",
    );
    expect(&lab, "127.0.0.1:80", &["127.0.0.1:80 ipv4"], advice);
    expect(&lab, "192.168.1.10:8080", &["192.168.1.10:8080 ipv4"], advice);
    expect(&lab, "[::1]:80", &["[::1]:80 ipv6"], advice);
    expect(&lab, "[2001:DB8:0:0::1]:443", &["[2001:db8::1]:443 ipv6"], advice);
}

#[test]
fn an_ipv6_address_needs_brackets() {
    let lab = subject!("08");
    let advice = (
        "brackets-around-ipv6",
        "In `divide`, refuse more than one colon outside of brackets. `::1:80` is an address, too.",
    );
    refuses(&lab, "::1:80", "IPv6 needs brackets", advice);
    refuses(&lab, "::1", "IPv6 needs brackets", advice);
    refuses(&lab, "2001:db8::1:443", "IPv6 needs brackets", advice);
    let closed = (
        "close-the-bracket",
        "In `divide`, refuse a bracket that is not closed, before you look for a port.",
    );
    refuses(&lab, "[::1", "IPv6 needs brackets", closed);
    let only = (
        "only-ipv6-in-brackets",
        "In `resolve`, a text in brackets without a colon is no IPv6 address. `text::parse` reads all others.",
    );
    refuses(&lab, "[127.0.0.1]:80", "not an IPv6 address", only);
    refuses(&lab, "[localhost]:80", "not an IPv6 address", only);
    refuses(&lab, "[*]:80", "not an IPv6 address", only);
    refuses(&lab, "[::g]:80", "not an IPv6 address", only);
}

#[test]
fn host_and_port_are_both_there() {
    let lab = subject!("08");
    let advice = ("both-parts", "In `divide`, refuse an empty host and an empty port.");
    refuses(&lab, "localhost", "no port", advice);
    refuses(&lab, "localhost:", "no port", advice);
    refuses(&lab, "[::1]", "no port", advice);
    refuses(&lab, "[::1]80", "no port", advice);
    refuses(&lab, "[::1]:", "no port", advice);
    refuses(&lab, ":80", "no host", advice);
    refuses(&lab, "[]:80", "no host", advice);
}

#[test]
fn a_port_is_a_number_or_a_service() {
    let lab = subject!("08");
    let advice = (
        "ports-have-16-bits",
        "In `port`, digits are a number from 0 to 65535. Anything else is looked up by `services::port_of`.",
    );
    expect(&lab, "127.0.0.1:0", &["127.0.0.1:0 ipv4"], advice);
    expect(&lab, "127.0.0.1:65535", &["127.0.0.1:65535 ipv4"], advice);
    expect(&lab, "127.0.0.1:000080", &["127.0.0.1:80 ipv4"], advice);
    refuses(&lab, "127.0.0.1:65536", "unknown port", advice);
    refuses(&lab, "127.0.0.1:+80", "unknown port", advice);
    refuses(&lab, "127.0.0.1:-1", "unknown port", advice);
    refuses(&lab, "127.0.0.1:8 0", "unknown port", advice);
    refuses(&lab, "127.0.0.1: 80", "unknown port", advice);
    for (service, port) in [("ftp", 21), ("ssh", 22), ("domain", 53), ("http", 80), ("https", 443)]
    {
        let line = format!("127.0.0.1:{port} ipv4");
        expect(&lab, &format!("127.0.0.1:{service}"), &[&line], advice);
    }
    refuses(&lab, "127.0.0.1:nosuch", "unknown port", advice);
}

#[test]
fn a_number_is_no_name() {
    let lab = subject!("08");
    let advice = (
        "refuse-numbers",
        "In `resolve`, refuse a host that ends in a number and is no IPv4 text, before you ask the resolver. It reads 127.1 as 127.0.0.1.",
    );
    let all_numbers = (
        "decimal-and-hexadecimal",
        "In `ends_in_number`, the last part is a number with any count of digits, or `0x` or `0X` and hexadecimal digits.",
    );
    for host in ["127.1", "2130706433", "0177.0.0.1", "1.2.3.256"] {
        refuses(&lab, &format!("{host}:80"), "not a name", advice);
    }
    for host in ["0x7f.1", "0x7f000001", "0X7F000001", "0x1.0xfF", "4294967296", "127.0.0.1."] {
        refuses(&lab, &format!("{host}:80"), "not a name", all_numbers);
    }
}

#[test]
fn a_star_is_every_address_of_both_families() {
    let advice = ("a-star-is-two", "In `resolve`, `*` stands for `[::]` and `0.0.0.0`.");
    expect(&subject!("08"), "*:80", &["[::]:80 ipv6", "0.0.0.0:80 ipv4"], advice);
}

#[test]
fn a_name_has_all_its_addresses_each_once() {
    let names = [
        ("two.test", "127.0.0.3"),
        ("two.test", "127.0.0.2"),
        ("two.test", "127.0.0.3"),
        ("2.test", "127.0.0.7"),
        ("x1", "127.0.0.8"),
        ("0xyz", "127.0.0.9"),
        ("dot.test.", "127.0.0.10"),
    ];
    let Some(lab) = subject!("08").with_names(&names) else { return };
    let advice = (
        "all-addresses-each-once",
        "In `resolve`, return every address of `to_socket_addrs` once, in its order. Equal ones need not be neighbours.",
    );
    expect(&lab, "two.test:http", &["127.0.0.3:80 ipv4", "127.0.0.2:80 ipv4"], advice);
    let advice = (
        "names-may-have-digits",
        "In `ends_in_number`, only the last part counts, and it has digits only.",
    );
    expect(&lab, "2.test:80", &["127.0.0.7:80 ipv4"], advice);
    expect(&lab, "x1:80", &["127.0.0.8:80 ipv4"], advice);
    let advice = (
        "look-at-each-digit",
        "In `ends_in_number`, look at each digit behind `0x`. Names such as `0xyz` may begin like that.",
    );
    expect(&lab, "0xyz:80", &["127.0.0.9:80 ipv4"], advice);
    let advice = (
        "one-dot-at-the-end",
        "In `ends_in_number`, strip one dot at the end before you take the last part.",
    );
    expect(&lab, "dot.test.:80", &["127.0.0.10:80 ipv4"], advice);
}

#[test]
fn the_resolver_decides_about_the_order() {
    let names = [("n.test", "2001:db8::1"), ("n.test", "127.0.0.2"), ("n.test", "::1")];
    let Some(lab) = subject!("08").with_names(&names) else { return };
    // By RFC 6724, an address without a route comes last, and ::1 before an IPv4 address.
    let Some(lab) = lab.with_network("true") else { return };
    if !lab.finds_in_order("n.test", &["::1", "127.0.0.2", "2001:db8::1"]) {
        return;
    }
    let advice = (
        "keep-the-order-of-the-resolver",
        "In `resolve`, return the addresses of both families in the order in which they come.",
    );
    let lines = ["[::1]:80 ipv6", "127.0.0.2:80 ipv4", "[2001:db8::1]:80 ipv6"];
    expect(&lab, "n.test:80", &lines, advice);
}

#[test]
fn a_name_without_an_address_is_an_error() {
    let names = [("other.test", "127.0.0.1")];
    let Some(lab) = subject!("08").with_names(&names) else { return };
    // A network without a server for names: the resolver cannot ask another machine.
    let Some(lab) = lab.with_network("true") else { return };
    let mut process = lab.run_tool(["resolve", "nosuch.test:80", "127.0.0.1:80"]);
    process.says(
        "return-the-error-of-the-resolver",
        "In `resolve`, return `ResolveError::NotFound` with the error of `to_socket_addrs`.",
    );
    let line = process.line();
    process.check(
        line.starts_with("ERROR not found (") && line.ends_with("): nosuch.test:80"),
        &format!("The answer for a name without an address is `{line}`."),
        "return-the-error-of-the-resolver",
        "In `resolve`, return `ResolveError::NotFound` with the error of `to_socket_addrs`.",
    );
    process.expect_line("127.0.0.1:80 ipv4").expect_exit(1);
}

#[test]
fn a_zone_is_a_number_of_an_interface() {
    let lab = subject!("08");
    if !cfg!(target_os = "linux") {
        return lab.skip("only Linux calls its loopback interface lo");
    }
    let advice = (
        "the-resolver-knows-zones",
        "In `resolve`, give the text in the brackets to `to_socket_addrs`, with its zone. An address alone has lost it.",
    );
    expect(&lab, "[fe80::1%lo]:80", &["[fe80::1%1]:80 ipv6"], advice);
    refuses(&lab, "[::1%lo]:80", "no zone is expected here", advice);
    let mut process = resolve(&lab, "[fe80::1%nosuch]:80");
    process.says(advice.0, advice.1);
    let line = process.line();
    let is_right =
        line.starts_with("ERROR not found (") && line.ends_with("): [fe80::1%nosuch]:80");
    let sentence = format!("The answer for a zone that is no interface is `{line}`.");
    process.check(is_right, &sentence, advice.0, advice.1);
    process.expect_exit(1);
}
