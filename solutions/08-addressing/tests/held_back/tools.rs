//! Tools of other authors: tcpdump, nc, curl and getent.

use super::packets::{bytes_of, packet};
use std::fs;
use std::net::{SocketAddr, UdpSocket};
use std::process::{Command, Stdio};
use testkit::{Subject, subject};

/// What `program --version` prints. `None` if it cannot be started here, and the test is noted as
/// skipped.
fn version_of(lab: &Subject, program: &str) -> Option<String> {
    let tried = Command::new(program).arg("--version").stdin(Stdio::null()).output();
    let Ok(tried) = tried else {
        lab.skip(&format!("this machine has no {program}"));
        return None;
    };
    Some(String::from_utf8_lossy(&tried.stdout).into_owned())
}

/// The type of link of raw IP packets in a file of pcap.
const LINKTYPE_RAW: u32 = 101;

/// A file of pcap with `packets`.
fn capture(packets: &[String]) -> Vec<u8> {
    let mut file = Vec::new();
    file.extend(0xa1b2_c3d4_u32.to_le_bytes());
    file.extend([2, 0, 4, 0]); // version 2.4
    for number in [0, 0, 65_535, LINKTYPE_RAW] {
        file.extend(u32::to_le_bytes(number));
    }
    for packet in packets {
        let bytes = bytes_of(packet);
        let length = bytes.len() as u32;
        for number in [0, 0, length, length] {
            file.extend(u32::to_le_bytes(number));
        }
        file.extend(bytes);
    }
    file
}

/// What tcpdump prints about `packets`; `None` where there is none.
fn dumped(lab: &Subject, packets: &[String]) -> Option<String> {
    let folder = lab.folder();
    let path = folder.path().join("packets.pcap");
    fs::write(&path, capture(packets)).expect("the test's folder can be written");
    let path = path.to_string_lossy().into_owned();
    version_of(lab, "tcpdump")?;
    let words = ["tcpdump", "-nn", "-vv", "-r", &path];
    let exit = lab.another(words).run([]).expect_exit(0);
    Some(String::from_utf8_lossy(&exit.stdout).into_owned())
}

#[test]
fn tcpdump_finds_no_wrong_checksum() {
    let lab = subject!("08");
    let build = |options: &[&str]| {
        let ends = ["header", "build", "--src", "198.18.9.1", "--dst", "203.0.113.9"];
        // Protocol 253 is for experiments, so tcpdump looks at the header only.
        let words = [&ends[..], &["--protocol", "253"], options].concat();
        let exit = lab.run(words).expect_exit(0);
        String::from_utf8_lossy(&exit.stdout).trim().to_owned()
    };
    let mut packets = vec![
        build(&[]),
        build(&["--df", "--id", "65535", "--ttl", "255"]),
        build(&["--dscp", "63", "--ecn", "3", "--payload", "00ff"]),
        build(&["--options", "01", "--payload", "616263"]),
        build(&["--options", &"01".repeat(40)]),
    ];
    packets.extend((0..20).map(|id| build(&["--id", &(id * 3_276).to_string()])));
    let whole = packet(&[7; 300]).hex();
    let exit = lab.run(["header", "fragment", "--mtu", "68", &whole]).expect_exit(0);
    packets.extend(String::from_utf8_lossy(&exit.stdout).lines().map(str::to_owned));
    let Some(printed) = dumped(&lab, &packets) else { return };
    let wrong = printed.lines().find(|line| line.contains("bad cksum") || line.contains("bad-"));
    lab.check(
        wrong.is_none() && printed.contains("proto unknown (253)"),
        &format!("tcpdump says: {}", wrong.unwrap_or(&printed)),
        "tcpdump-agrees",
        "In `encode`, compare each field with RFC 791.",
    );
}

#[test]
fn netcat_reaches_both_families() {
    let lab = subject!("08");
    let server = lab.serve_as("serve", "[::]:0", []);
    let Some(netcat) = lab.netcat() else { return };
    let port = server.address().port().to_string();
    for (family, host, kind) in [("-4", "127.0.0.1", "ipv4"), ("-6", "::1", "ipv6")] {
        if family == "-6" && UdpSocket::bind("[::1]:0").is_err() {
            continue;
        }
        let mut client = netcat.run(["-N", family, host, &port]);
        let line = client.line();
        client.check(
            line.ends_with(&format!("{kind} loopback")),
            &format!("The server greeted nc {family} by {line:?}."),
            "greet-other-programs",
            "In `serve_client`, greet each client with its own family.",
        );
        client.write_stdin(b"me\n").expect_line(&line).close_stdin().expect_exit(0);
    }
}

#[test]
fn curl_reaches_both_families() {
    let lab = subject!("08");
    let server = lab.serve_as("serve", "[::]:0", []);
    let Some(version) = version_of(&lab, "curl") else { return };
    if !version.contains("telnet") {
        return lab.skip("the curl of this machine has no telnet");
    }
    // curl speaks no lines of its own to a telnet server, and has to be told not to buffer.
    // With -q, it does not read the settings of its user.
    let curl = lab.another(["curl", "-q", "-sN", "--globoff", "--noproxy", "*"]);
    let port = server.address().port();
    for (family, host, kind) in [("-4", "127.0.0.1", "ipv4"), ("-6", "[::1]", "ipv6")] {
        if family == "-6" && UdpSocket::bind("[::1]:0").is_err() {
            continue;
        }
        let mut client = curl.run([family, &format!("telnet://{host}:{port}")]);
        let line = client.line();
        client.check(
            line.ends_with(&format!("{kind} loopback")),
            &format!("The server greeted curl {family} by {line:?}."),
            "greet-other-programs",
            "In `serve_client`, greet each client with its own family.",
        );
        client.write_stdin(b"me\n").expect_line(&line);
    }
}

#[test]
fn getent_knows_the_same_addresses_in_the_same_order() {
    let names = [("n.test", "127.0.0.5"), ("n.test", "::1"), ("n.test", "127.0.0.4")];
    let Some(lab) = subject!("08").with_names(&names) else { return };
    // Without -A, it leaves out a family of which this machine has only the loopback address.
    let words = ["getent", "-A", "ahosts"];
    let tried = Command::new(words[0]).args(&words[1..]).arg("127.0.0.1").output();
    if !tried.is_ok_and(|tried| tried.status.success()) {
        return lab.skip("the getent of this machine does not know -A");
    }
    let Some(getent) = lab.another(words).with_names(&names) else { return };
    let exit = getent.run(["n.test"]).expect_exit(0);
    let expected: Vec<String> = String::from_utf8_lossy(&exit.stdout)
        .lines()
        .filter(|line| line.contains("STREAM"))
        .filter_map(|line| line.split_whitespace().next()?.parse().ok())
        .map(|ip| SocketAddr::new(ip, 80))
        .map(|at| format!("{at} {}", if at.is_ipv4() { "ipv4" } else { "ipv6" }))
        .collect();
    let exit = lab.run(["resolve", "n.test:80"]).expect_exit(0);
    let printed = String::from_utf8_lossy(&exit.stdout).into_owned();
    let found: Vec<&str> = printed.lines().collect();
    lab.check(
        found == expected && found.len() == 3,
        &format!("resolve printed {printed:?}, and getent has {expected:?}."),
        "agree-with-getent",
        "In `resolve`, keep the order of the resolver.",
    );
}
