//! Mutated heads and chunks, random cuts, random bodies. Each run has the same ones.

use super::raw::{RawAnswer, answers, talk};
use super::site::Site;
use testkit::{Server, Subject, subject};

/// A generator of numbers (xorshift), the same in each run.
struct Numbers(u64);

impl Numbers {
    fn new() -> Numbers {
        Numbers(0x9e37_79b9_7f4a_7c15)
    }

    /// A number below `limit`.
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// Bytes that matter to a parser.
const BYTES: &[u8] = b"\r\n\t :;,/%?#*-+0159aFgx\"\\\x00\x0b\x7f\x80\xff";

/// Words that matter to a parser.
const WORDS: [&str; 16] = [
    "\r\n",
    "\r\n\r\n",
    "\n",
    "\r",
    "0\r\n\r\n",
    "HTTP/1.1",
    "HTTP/1.0",
    "GET ",
    "HEAD ",
    "POST /-/echo ",
    "Content-Length: 5\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Connection: close\r\n",
    "Host: x\r\n",
    "chunked",
    "Expect: 100-continue\r\n",
];

/// Changes, removes, repeats or inserts something, one to three times.
fn mutate(numbers: &mut Numbers, message: &[u8]) -> Vec<u8> {
    let mut message = message.to_vec();
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(message.len());
        let end = (at + numbers.below(12)).min(message.len());
        match numbers.below(5) {
            0 => message[at] = BYTES[numbers.below(BYTES.len())],
            1 => drop(message.drain(at..end)),
            2 => message.insert(at, BYTES[numbers.below(BYTES.len())]),
            3 => {
                let word = WORDS[numbers.below(WORDS.len())];
                message.splice(at..at, word.bytes());
            }
            _ => {
                let again = message[at..end].to_vec();
                message.splice(at..at, again);
            }
        }
        if message.is_empty() {
            message.push(b'G');
        }
    }
    message
}

/// Fails unless there are no more answers than `message` has ends of heads, and none behind one that
/// closes.
fn check(server: &Server, message: &[u8]) -> Vec<RawAnswer> {
    let bytes = talk(server, &[message]);
    let found = answers(&bytes);
    let ends = message.windows(2).filter(|two| two == b"\n\n" || two == b"\n\r").count();
    let is_right = found.as_ref().is_some_and(|found| {
        let before_last = &found[..found.len().saturating_sub(1)];
        found.len() <= ends + 1 && before_last.iter().all(|answer| !answer.closes)
    });
    server.check(
        is_right || is_without_length(message),
        &format!(
            "{:?} got {:?}.",
            String::from_utf8_lossy(message),
            String::from_utf8_lossy(&bytes)
        ),
        "one-answer-each",
        "Find the request that got two answers, or an answer without an end.",
    );
    found.unwrap_or_default()
}

/// Whether an answer may have no body although it has a length (HEAD), or chunks.
fn is_without_length(message: &[u8]) -> bool {
    [&b"HEAD"[..], b"count"]
        .iter()
        .any(|word| message.windows(word.len()).any(|part| part == *word))
}

fn with_server(lab: &Subject, story: impl FnOnce(&Server)) {
    let site = Site::new(lab);
    let server = site.serve(lab, &["--log", "/dev/null"]);
    story(&server);
    server
        .connect("last")
        .send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .expect(b"HTTP/1.1 200 OK\r\n");
}

/// Mutated heads.
pub fn heads(lab: &Subject, count: usize) {
    let originals: [&[u8]; 3] = [
        b"GET /notes.txt?a=1 HTTP/1.1\r\nHost: localhost:80\r\nRange: bytes=0-4\r\nX: y\r\n\r\n",
        b"POST /-/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
        b"GET http://x/%6eotes.txt HTTP/1.0\r\nConnection: keep-alive\r\nIf-None-Match: \"x\", *\r\n\r\n",
    ];
    mutated(lab, &originals, count);
}

/// Mutated chunks.
pub fn chunks(lab: &Subject, count: usize) {
    let originals: [&[u8]; 2] = [
        b"POST /-/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0005\r\nhello\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
    ];
    mutated(lab, &originals, count);
}

fn mutated(lab: &Subject, originals: &[&[u8]], count: usize) {
    let mut numbers = Numbers::new();
    with_server(lab, |server| {
        for _ in 0..count {
            let original = originals[numbers.below(originals.len())];
            check(server, &mutate(&mut numbers, original));
        }
    });
}

/// The same conversation in one write and in random pieces.
pub fn cuts(lab: &Subject, count: usize) {
    let conversation: &[u8] = b"GET /notes.txt HTTP/1.1\r\nHost: x\r\n\r\nPOST /-/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x\r\ndefg\r\n0\r\nT: u\r\n\r\n\r\nPUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nGETGET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\n\r\n";
    let mut numbers = Numbers::new();
    with_server(lab, |server| {
        for _ in 0..count {
            let message = match numbers.below(4) {
                0 => conversation.to_vec(),
                _ => mutate(&mut numbers, conversation),
            };
            let mut cuts = [0, 0, 0].map(|_| numbers.below(message.len() + 1));
            cuts.sort_unstable();
            let [first, second, third] = cuts;
            let pieces = [
                &message[..first],
                &message[first..second],
                &message[second..third],
                &message[third..],
            ];
            let (whole, parts) = (talk(server, &[&message]), talk(server, &pieces));
            server.check(
                is_without_length(&message) || answers(&whole) == answers(&parts),
                &format!("{:?} got other answers in pieces.", String::from_utf8_lossy(&message)),
                "cuts-do-not-matter",
                "Find the code that takes one read for a line, a body or a chunk.",
            );
        }
    });
}

/// Bodies of random bytes, in chunks of random sizes.
pub fn bodies(lab: &Subject, count: usize) {
    let mut numbers = Numbers::new();
    with_server(lab, |server| {
        for _ in 0..count {
            let size = numbers.below(3000);
            let body: Vec<u8> = (0..size).map(|_| numbers.below(256) as u8).collect();
            let mut message =
                b"POST /-/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
            let mut rest = &body[..];
            while !rest.is_empty() {
                let (chunk, behind) = rest.split_at(1 + numbers.below(rest.len()));
                message.extend(format!("{:x}\r\n", chunk.len()).bytes());
                message.extend([chunk, b"\r\n"].concat());
                rest = behind;
            }
            message.extend(b"0\r\n\r\n");
            let found = answers(&talk(server, &[&message])).unwrap_or_default();
            server.check(
                matches!(&found[..], [answer] if answer.body == body),
                &format!("A body of {size} bytes in chunks did not come back."),
                "chunks-come-back",
                "In `copy_body`, take exactly the bytes of each chunk.",
            );
        }
    });
}

#[test]
fn mutated_heads_get_one_answer_each() {
    heads(&subject!("10"), 1000);
}

#[test]
fn mutated_chunks_get_one_answer_each() {
    chunks(&subject!("10"), 1000);
}

#[test]
fn answers_do_not_depend_on_cuts() {
    cuts(&subject!("10"), 300);
}

#[test]
fn bodies_come_back_whole() {
    bodies(&subject!("10"), 200);
}
