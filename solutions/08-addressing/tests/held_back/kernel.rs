//! The kernel as examiner: a TUN device gives it packets of ours, and it answers an echo request if
//! every bit is right.

use std::fs::File;
use testkit::{Process, Subject, subject};

/// Gives the kernel the packets of a line, and prints the next echo reply, or that there is none.
/// Packets of one line are separated by spaces.
const EXAMINER: &str = r#"
import fcntl, os, select, struct, subprocess, sys, time

device = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(device, 0x400454CA, struct.pack("16sH", b"tun0", 0x1001))      # IFF_TUN, IFF_NO_PI
subprocess.check_call(["ip", "address", "add", "198.18.9.1/24", "dev", "tun0"])
subprocess.check_call(["ip", "link", "set", "tun0", "up"])
print("ready", flush=True)
for line in sys.stdin:
    for packet in line.split():
        os.write(device, bytes.fromhex(packet))
    # The kernel answers before write(2) returns. More time is for a machine that is busy.
    end, reply = time.monotonic() + 0.5, "silence"
    left = lambda: max(0, end - time.monotonic())
    while reply == "silence" and select.select([device], [], [], left())[0]:
        answer = os.read(device, 65536)
        if answer[0] >> 4 == 4 and answer[9] == 1 and answer[(answer[0] & 15) * 4] == 0:
            reply = answer.hex()
    print(reply, flush=True)
"#;

/// The examiner in its network. `None`, and the test is noted as skipped, if this machine has no
/// TUN device for us.
fn examiner(lab: &Subject) -> Option<Process> {
    if File::options().read(true).write(true).open("/dev/net/tun").is_err() {
        lab.skip("/dev/net/tun is missing, or closed to this user");
        return None;
    }
    let mut examiner = lab.python(EXAMINER)?.with_network("true")?.run([]);
    examiner.expect_line("ready");
    Some(examiner)
}

/// An ICMP echo request with 100 bytes of data. Its checksum is over all of it (RFC 792).
fn echo_request() -> String {
    let mut message = vec![8, 0, 0, 0, 0x70, 0x08, 0, 1];
    message.extend(0..100);
    let sum: u32 = message.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1])).sum();
    let sum = !((sum & 0xffff) + (sum >> 16)) as u16;
    message[2..4].copy_from_slice(&sum.to_be_bytes());
    super::packets::hex(&message)
}

/// What the program prints for `words`, line by line.
fn printed(lab: &Subject, words: &[&str]) -> Vec<String> {
    let exit = lab.run(words.iter().copied()).expect_exit(0);
    String::from_utf8_lossy(&exit.stdout).lines().map(str::to_owned).collect()
}

/// Builds an echo request with `options`.
fn build(lab: &Subject, options: &[&str]) -> String {
    let request = echo_request();
    let fields = ["header", "build", "--src", "198.18.9.2", "--dst", "198.18.9.1"];
    let payload = ["--protocol", "icmp", "--payload", &request];
    printed(lab, &[&fields[..], &payload, options].concat()).concat()
}

/// Expects an answer to `packets`, and that `header parse` can read it.
fn expect_reply(lab: &Subject, examiner: &mut Process, packets: &str, what: &str) {
    let reply = ask(examiner, packets);
    let think = "Compare each field with RFC 791. The kernel drops a packet with any wrong one.";
    lab.check(
        reply != "silence",
        &format!("The kernel did not answer {what}."),
        "every-bit-is-right",
        think,
    );
    let line = printed(lab, &["header", "parse", &reply]).concat();
    lab.check(
        line.contains("source 198.18.9.1 destination 198.18.9.2") && line.ends_with("payload 108"),
        &format!("The kernel's packet was read as: {line}"),
        "every-bit-is-right",
        think,
    );
}

fn ask(examiner: &mut Process, packets: &str) -> String {
    examiner.write_stdin(format!("{packets}\n").as_bytes()).line()
}

#[test]
fn the_kernel_answers_a_packet_of_ours() {
    let lab = subject!("08");
    let Some(mut examiner) = examiner(&lab) else { return };
    expect_reply(&lab, &mut examiner, &build(&lab, &[]), "an echo request");
    let marked = ["--ttl", "1", "--dscp", "46", "--ecn", "1", "--df"];
    expect_reply(&lab, &mut examiner, &build(&lab, &marked), "one with DSCP, ECN, DF and TTL 1");
    let options = ["--options", "01010101"];
    expect_reply(&lab, &mut examiner, &build(&lab, &options), "one with options");
    // The examiner itself: a wrong checksum gets no answer.
    let mut wrong = build(&lab, &[]).into_bytes();
    wrong[23] = if wrong[23] == b'0' { b'1' } else { b'0' };
    let wrong = String::from_utf8(wrong).expect("it is ASCII");
    lab.check(
        ask(&mut examiner, &wrong) == "silence",
        "The kernel answered a packet with a wrong checksum.",
        "the-examiner-is-strict",
        "This is not the program's fault.",
    );
}

#[test]
fn the_kernel_answers_a_forwarded_packet() {
    let lab = subject!("08");
    let Some(mut examiner) = examiner(&lab) else { return };
    let packet = build(&lab, &[]);
    let forwarded = printed(&lab, &["header", "forward", &packet]).concat();
    expect_reply(&lab, &mut examiner, &forwarded, "a forwarded packet");
}

#[test]
fn the_kernel_puts_fragments_together_in_any_order() {
    let lab = subject!("08");
    let Some(mut examiner) = examiner(&lab) else { return };
    for (number, order) in
        [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]].into_iter().enumerate()
    {
        // Another identification for each, so that no fragment is one of an earlier packet.
        let packet = build(&lab, &["--id", &(100 + number).to_string()][..]);
        let fragments = printed(&lab, &["header", "fragment", "--mtu", "68", &packet]);
        lab.check(
            fragments.len() == 3,
            &format!("108 bytes are {} fragments.", fragments.len()),
            "every-bit-is-right",
            "48 bytes of payload fit behind a header of 20, and three times 48 are enough.",
        );
        let packets = order.map(|index| fragments[index].clone()).join(" ");
        expect_reply(&lab, &mut examiner, &packets, &format!("fragments in the order {order:?}"));
    }
}
