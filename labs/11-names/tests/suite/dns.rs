//! DNS messages of the suite's own making, right and wrong ones.

use testkit::{ScriptedServer, Subject, UdpPeer};

pub const A: u16 = 1;
pub const NS: u16 = 2;
pub const CNAME: u16 = 5;
pub const SOA: u16 = 6;
pub const PTR: u16 = 12;
pub const MX: u16 = 15;
pub const TXT: u16 = 16;
pub const AAAA: u16 = 28;

/// The flags of a response to a query with RD, of a server with recursion.
pub const RESPONSE: u16 = 0x8180;

/// The rcodes.
pub const FORMERR: u16 = 1;
pub const SERVFAIL: u16 = 2;
pub const NXDOMAIN: u16 = 3;
pub const NOTIMP: u16 = 4;
pub const REFUSED: u16 = 5;

/// A pointer to the name at `offset`.
pub fn pointer(offset: u16) -> Vec<u8> {
    (0xc000 | offset).to_be_bytes().to_vec()
}

/// A name without escapes, as labels. `.` is the root.
pub fn name(text: &str) -> Vec<u8> {
    let labels = text.split('.').filter(|label| !label.is_empty());
    let mut bytes: Vec<u8> =
        labels.flat_map(|label| [&[label.len() as u8], label.as_bytes()].concat()).collect();
    bytes.push(0);
    bytes
}

/// Some labels, and then a pointer to `offset`.
pub fn name_with_pointer(labels: &str, offset: u16) -> Vec<u8> {
    let mut bytes = name(labels);
    bytes.pop();
    [bytes, pointer(offset)].concat()
}

/// A header.
pub fn header(id: u16, flags: u16, counts: [u16; 4]) -> Vec<u8> {
    let [one, two, three, four] = counts;
    [id, flags, one, two, three, four].iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// A question in class IN.
pub fn question(text: &str, kind: u16) -> Vec<u8> {
    [name(text), kind.to_be_bytes().to_vec(), vec![0, 1]].concat()
}

/// A query with RD.
pub fn query(id: u16, text: &str, kind: u16) -> Vec<u8> {
    [header(id, 0x0100, [1, 0, 0, 0]), question(text, kind)].concat()
}

/// A record in class IN with a TTL of 60. `owner` is in bytes.
pub fn record(owner: &[u8], kind: u16, data: &[u8]) -> Vec<u8> {
    record_with(owner, kind, 1, 60, data.len() as u16, data)
}

/// A record whose every field the test chooses, the length of its data too.
pub fn record_with(
    owner: &[u8],
    kind: u16,
    class: u16,
    ttl: u32,
    len: u16,
    data: &[u8],
) -> Vec<u8> {
    let (kind, class) = (kind.to_be_bytes(), class.to_be_bytes());
    [owner, &kind, &class, &ttl.to_be_bytes(), &len.to_be_bytes(), data].concat()
}

/// A response to `query`, with its id and question.
pub fn response(query: &[u8], rcode: u16, answers: &[Vec<u8>]) -> Vec<u8> {
    let id = u16::from_be_bytes([query[0], query[1]]);
    let counts = [1, answers.len() as u16, 0, 0];
    [header(id, RESPONSE | rcode, counts), query[12..].to_vec(), answers.concat()].concat()
}

/// A response with one A record for the name of the question.
pub fn address(query: &[u8], last: u8) -> Vec<u8> {
    response(query, 0, &[record(&pointer(12), A, &[192, 0, 2, last])])
}

/// The id of a message.
pub fn id_of(message: &[u8]) -> u16 {
    message.first_chunk().map_or(0, |id| u16::from_be_bytes(*id))
}

/// `bytes` in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A message in a stream: its length, and then itself.
pub fn framed(message: &[u8]) -> Vec<u8> {
    [&(message.len() as u16).to_be_bytes(), message].concat()
}

/// The 16 bits at `offset`.
fn number(bytes: &[u8], offset: usize) -> Option<u16> {
    bytes.get(offset..)?.first_chunk().map(|two| u16::from_be_bytes(*two))
}

/// A message in which each owner is written whole, in lower case. So two are equal if only their
/// pointers differ. `None`: it cannot be read.
pub fn without_pointers(message: &[u8]) -> Option<Vec<u8>> {
    let mut at = 12;
    for _ in 0..number(message, 4)? {
        at = whole_name(message, at)?.1 + 4;
    }
    let mut whole = message.get(..at)?.to_vec();
    let counts = [6, 8, 10].map(|at| number(message, at).map(usize::from));
    for _ in 0..counts.into_iter().sum::<Option<usize>>()? {
        let (owner, behind) = whole_name(message, at)?;
        at = behind + 10 + usize::from(number(message, behind + 8)?);
        whole.extend(owner);
        whole.extend(message.get(behind..at)?);
    }
    (at == message.len()).then_some(whole)
}

/// The labels of the name at `at`, in lower case, and where the message goes on behind it.
fn whole_name(message: &[u8], mut at: usize) -> Option<(Vec<u8>, usize)> {
    let mut labels = Vec::new();
    let mut behind = None;
    // More labels and pointers than a name has may go round in a circle.
    for _ in 0..256 {
        match usize::from(*message.get(at)?) {
            0 => {
                labels.push(0);
                return Some((labels.to_ascii_lowercase(), behind.unwrap_or(at + 1)));
            }
            len @ 1..=63 => {
                labels.extend(message.get(at..=at + len)?);
                at += 1 + len;
            }
            _ => {
                behind = behind.or(Some(at + 2));
                at = usize::from(number(message, at)? & 0x3fff);
            }
        }
    }
    None
}

/// A message for the ladder: `response 3a91 a.test type 1, TC, 2 records`. What is as usual is not
/// shown: one question in class IN, opcode 0, and the rcode "no error".
pub fn shown(bytes: &[u8]) -> String {
    let (Some(id), Some(flags), Some(questions), Some(answers)) =
        (number(bytes, 0), number(bytes, 2), number(bytes, 4), number(bytes, 6))
    else {
        return format!("{} bytes that are no message", bytes.len());
    };
    let mut words = vec![if questions == 0 { "without a question".into() } else { asked(bytes) }];
    words.extend((questions > 1).then(|| format!("{questions} questions")));
    words.extend(shown_flags(flags));
    match flags >> 15 {
        0 => format!("query {id:04x} {}", words.join(", ")),
        _ => format!("response {id:04x} {}, {answers} records", words.join(", ")),
    }
}

/// Name, type and unusual class of the first question.
fn asked(bytes: &[u8]) -> String {
    let mut labels = Vec::new();
    let mut at = 12;
    while let Some(len @ 1..=63) = bytes.get(at).map(|len| usize::from(*len)) {
        labels.push(String::from_utf8_lossy(bytes.get(at + 1..at + 1 + len).unwrap_or(&[])));
        at += 1 + len;
    }
    let (name, kind) = (labels.join("."), number(bytes, at + 1).unwrap_or(0));
    match number(bytes, at + 3) {
        Some(1) | None => format!("{name} type {kind}"),
        Some(class) => format!("{name} type {kind} class {class}"),
    }
}

/// The unusual ones among the flags, and the rcode of an error.
fn shown_flags(flags: u16) -> Vec<String> {
    let opcode = (flags >> 11) & 0xf;
    let rcode = match flags & 0xf {
        0 => None,
        FORMERR => Some("FORMERR".to_owned()),
        SERVFAIL => Some("SERVFAIL".to_owned()),
        NXDOMAIN => Some("NXDOMAIN".to_owned()),
        NOTIMP => Some("NOTIMP".to_owned()),
        REFUSED => Some("REFUSED".to_owned()),
        other => Some(format!("rcode {other}")),
    };
    let bits = [(0x0400, "AA"), (0x0200, "TC")];
    let set = bits.into_iter().filter(|(bit, _)| flags & bit != 0);
    let opcode = (opcode != 0).then(|| format!("opcode {opcode}"));
    opcode.into_iter().chain(rcode).chain(set.map(|(_, name)| name.to_owned())).collect()
}

/// A DNS server of ours over UDP.
pub fn server(lab: &Subject, name: &str) -> UdpPeer {
    lab.udp_server(name).shown_as(shown)
}

/// The same over UDP and TCP, at one port.
pub fn server_of_both(lab: &Subject) -> (UdpPeer, ScriptedServer) {
    let both = |_| {
        let udp = server(lab, "UDP server");
        let tcp = lab.scripted_server_on(udp.local_addr(), "TCP server")?;
        Some((udp, tcp))
    };
    (0..50).find_map(both).expect("a port is free for both")
}
