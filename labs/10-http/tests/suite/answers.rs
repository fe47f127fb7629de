//! A strict reader of answers. It takes what RFC 9112 allows, and nothing else.

use std::time::{Duration, SystemTime};
use testkit::{Peer, Server, show};

/// What ends the body of an answer, besides its fields.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The fields.
    Get,
    /// Nothing, because there is none.
    Head,
    /// The end of the connection, where the fields do not say it.
    ToEnd,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub code: u16,
    /// Names in lower case.
    fields: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// How many chunks the body came in, without the last one.
    pub chunks: usize,
}

impl Answer {
    /// The value of the field `name`, which is in lower case.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.0 == name).map(|field| field.1.as_str())
    }

    /// All fields except Date, as a text to compare.
    pub fn lines(&self) -> String {
        let fields = self.fields.iter().filter(|(name, _)| name != "date");
        fields.map(|(name, value)| format!("{name}: {value}\n")).collect()
    }
}

/// The next answer.
pub fn answer(peer: &mut Peer) -> Answer {
    answer_to(peer, Asked::Get)
}

/// The next answer, which must have this code.
pub fn expect_code(peer: &mut Peer, code: u16) -> Answer {
    expect_code_to(peer, code, Asked::Get)
}

pub fn expect_code_to(peer: &mut Peer, code: u16, asked: Asked) -> Answer {
    let answer = answer_to(peer, asked);
    let found = answer.code;
    peer.check(
        found == code,
        &format!("The server answered {found}, and {code} was expected."),
        &format!("wanted {code}"),
    );
    answer
}

/// The next answer, which must be 200 with this body.
pub fn expect_body(peer: &mut Peer, body: &[u8]) -> Answer {
    let answer = expect_code(peer, 200);
    same_body(peer, &answer, body);
    answer
}

/// Fails unless `answer` has this body.
pub fn same_body(peer: &Peer, answer: &Answer, body: &[u8]) {
    peer.check(
        answer.body == body,
        &format!("The body is {} and should be {}.", show(&answer.body), show(body)),
        "wanted another body",
    );
}

/// Fails unless the field `name` of `answer` has this value. `None`: unless there is no such field.
pub fn expect_field(peer: &Peer, answer: &Answer, name: &str, value: Option<&str>) {
    let found = answer.field(name);
    peer.check(
        found == value,
        &format!("The answer has {}; expected was {}.", named(name, found), named(name, value)),
        &format!("wanted {}", named(name, value)),
    );
}

/// `Name: VALUE`, or that there is no such field.
fn named(name: &str, value: Option<&str>) -> String {
    let words = name.split('-').map(|word| match word {
        "etag" => "ETag".to_owned(),
        word => word[..1].to_uppercase() + &word[1..],
    });
    let name = words.collect::<Vec<_>>().join("-");
    value.map_or(format!("no {name} field"), |value| format!("`{name}: {value}`"))
}

/// Fails unless the answer is a 400 whose second line is `reason`.
pub fn expect_reason(peer: &Peer, answer: &Answer, reason: &str) {
    let found = String::from_utf8_lossy(&answer.body);
    let found = found.strip_prefix("400 Bad Request\n").unwrap_or(&found).trim_end_matches('\n');
    peer.check(
        answer.body == format!("400 Bad Request\n{reason}\n").as_bytes(),
        &format!("The reason of the 400 is {found:?}; expected was {reason:?}."),
        &format!("wanted the reason {reason:?}"),
    );
}

/// A busy machine may send a segment twice, but hardly in each of so many connections.
const CONNECTIONS: usize = 3;

/// The fewest segments that came in a connection in which a client did `talk`. `None` where the
/// kernel does not count segments.
pub fn fewest_segments(server: &Server, talk: impl Fn(&mut Peer)) -> Option<u32> {
    let segments = |_| {
        let mut peer = server.connect("peer");
        talk(&mut peer);
        peer.segments()
    };
    (0..CONNECTIONS).map(segments).min().flatten()
}

/// Sends `request` on a new connection, and expects an error answer and then the end.
pub fn expect_refusal(server: &Server, says: (&str, &str), request: &[u8], code: u16) {
    let mut peer = server.connect("peer");
    peer.says(says.0, says.1).send(request);
    refused(&mut peer, code);
}

/// The same for a 400, which gives this reason.
pub fn expect_400(server: &Server, says: (&str, &str), request: &[u8], reason: &str) {
    let mut peer = server.connect("peer");
    peer.says(says.0, says.1).send(request);
    let answer = refused(&mut peer, 400);
    expect_reason(&peer, &answer, reason);
}

fn refused(peer: &mut Peer, code: u16) -> Answer {
    let answer = expect_code(peer, code);
    expect_field(peer, &answer, "connection", Some("close"));
    peer.expect_end();
    answer
}

/// Sends `request` on a new connection, and expects 200.
pub fn expect_accepted(server: &Server, says: (&str, &str), request: &[u8]) -> Answer {
    let mut peer = server.connect("peer");
    peer.says(says.0, says.1).send(request);
    expect_code(&mut peer, 200)
}

pub fn answer_to(peer: &mut Peer, asked: Asked) -> Answer {
    let line = line(peer);
    let code = line.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok());
    let is_right = code.is_some() && line.as_bytes().get(12) == Some(&b' ');
    peer.check(
        is_right,
        &format!("The server sent {} where a status line was expected.", show(line.as_bytes())),
        "wanted: HTTP/1.1 CODE PHRASE",
    );
    let fields = fields(peer);
    let mut answer = Answer { code: code.unwrap_or(0), fields, body: Vec::new(), chunks: 0 };
    if answer.code != 100 {
        check_date(peer, &answer);
        read_body(peer, &mut answer, asked);
    }
    answer
}

fn line(peer: &mut Peer) -> String {
    let line = peer.line();
    peer.check(
        line.ends_with('\r') && line.matches('\r').count() == 1,
        &format!("The line {} does not end with CR LF.", show(line.as_bytes())),
        "wanted CR LF",
    );
    line.trim_end_matches('\r').to_owned()
}

fn fields(peer: &mut Peer) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    loop {
        let line = line(peer);
        if line.is_empty() {
            return fields;
        }
        let (name, value) = line.split_once(": ").unwrap_or((&line, ""));
        let is_repeated = fields.iter().any(|(other, _)| name.eq_ignore_ascii_case(other));
        peer.check(
            line.contains(": ") && !is_repeated,
            &format!(
                "The field {} is not NAME: VALUE, or it is there twice.",
                show(line.as_bytes())
            ),
            "wanted each field once",
        );
        fields.push((name.to_ascii_lowercase(), value.to_owned()));
    }
}

const DATE: (&str, &str) = (
    "date-of-now",
    "In `Response::head`, add `Date` with `httpdate::fmt_http_date` of the time of now.",
);

const LENGTH: (&str, &str) = (
    "say-where-the-body-ends",
    "In `Response::head`, add `Content-Length` or `Transfer-Encoding`. The client cannot see where the body ends otherwise.",
);

/// Fails unless `holds`, with the advice of a head and not of the test.
fn check_head(peer: &mut Peer, holds: bool, says: (&str, &str), sentence: &str, mark: &str) {
    if !holds {
        peer.says(says.0, says.1);
    }
    peer.check(holds, sentence, mark);
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, but of today.
fn check_date(peer: &mut Peer, answer: &Answer) {
    let date = answer.field("date").unwrap_or("");
    check_head(
        peer,
        date.len() == 29 && date.ends_with(" GMT") && date.get(3..5) == Some(", "),
        DATE,
        &format!("The Date is {date:?}."),
        "wanted a Date in the form of RFC 9110, section 5.6.7",
    );
    let (now, date_of_answer) = (SystemTime::now(), httpdate::parse_http_date(date));
    let is_now = date_of_answer.is_ok_and(|then| {
        now.duration_since(then).unwrap_or_else(|error| error.duration()) < TOLERANCE
    });
    check_head(
        peer,
        is_now,
        DATE,
        &format!("The Date is {date:?}, which is not now."),
        "wanted the Date of now",
    );
}

/// How far a Date may be from now, because the test looks at it later.
const TOLERANCE: Duration = Duration::from_secs(3600);

fn read_body(peer: &mut Peer, answer: &mut Answer, asked: Asked) {
    let length = answer.field("content-length");
    let coding = answer.field("transfer-encoding");
    peer.check(
        length.is_none() || coding.is_none(),
        "The answer has both Content-Length and Transfer-Encoding.",
        "wanted one of them",
    );
    if asked == Asked::Head || answer.code == 204 || answer.code == 304 {
        return;
    }
    peer.check(
        asked != Asked::ToEnd || coding.is_none(),
        "The answer has `Transfer-Encoding: chunked`, and HTTP/1.0 does not know chunks.",
        "wanted no Transfer-Encoding field",
    );
    match (length.map(str::parse), coding == Some("chunked")) {
        (Some(Ok(length)), _) => drop(peer.pass_on(length, &mut answer.body)),
        (_, true) => read_chunks(peer, answer),
        _ if asked == Asked::ToEnd => answer.body = peer.rest(),
        _ => check_head(
            peer,
            false,
            LENGTH,
            "The answer has neither a Content-Length nor `Transfer-Encoding: chunked`.",
            "wanted one of them",
        ),
    }
}

fn read_chunks(peer: &mut Peer, answer: &mut Answer) {
    loop {
        let size = line(peer);
        let count = u64::from_str_radix(&size, 16);
        peer.check(count.is_ok(), &format!("A chunk begins with {size:?}."), "wanted a size");
        let count = count.unwrap_or(0);
        peer.pass_on(count, &mut answer.body).expect(b"\r\n");
        if count == 0 {
            return;
        }
        answer.chunks += 1;
    }
}
