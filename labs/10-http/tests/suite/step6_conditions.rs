//! Step conditions: a client that has the file already gets less.

use super::answers::{Answer, Asked, answer_to, expect_body, expect_code, expect_field, same_body};
use super::site::Site;
use std::fs::File;
use std::time::{Duration, SystemTime};
use testkit::{Peer, Server, subject};

/// The file that the tests ask for.
const TEN: &[u8] = b"0123456789";

/// When it was changed: 1994-11-06 08:49:37.5 UTC.
const CHANGED: Duration = Duration::from_millis(784_111_777_500);
const LAST_MODIFIED: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";
const AFTER: &str = "Mon, 07 Nov 1994 00:00:00 GMT";

const BEYOND: (&str, &str) = (
    "beyond-the-end",
    "In `parse_range`, return `Beyond` when the first byte is not in the file, also when its number does not fit 64 bits. Name the size in `Content-Range: bytes */SIZE`.",
);

/// Writes the file, as it was `time` after 1970. `false`: this file system keeps another time.
fn write(site: &Site, content: &[u8], time: Duration) -> bool {
    site.add("ten.txt", content);
    let time = SystemTime::UNIX_EPOCH + time;
    let file = File::options().write(true).open(site.path("ten.txt"));
    let kept = file.and_then(|file| {
        file.set_modified(time)?;
        file.metadata()?.modified()
    });
    kept.expect("the folder is ours") == time
}

fn site(lab: &testkit::Subject) -> (Site, Server) {
    let site = Site::new(lab);
    write(&site, TEN, CHANGED);
    site.add("empty", b"").add("one", b"1");
    let server = site.serve(lab, &[]);
    (site, server)
}

fn ask(peer: &mut Peer, method: &str, path: &str, fields: &str) {
    peer.send(format!("{method} /{path} HTTP/1.1\r\nHost: x\r\n{fields}\r\n").as_bytes());
}

fn get(peer: &mut Peer, fields: &str) -> Answer {
    ask(peer, "GET", "ten.txt", fields);
    answer_to(peer, Asked::Get)
}

fn etag(peer: &mut Peer) -> String {
    let answer = get(peer, "");
    answer.field("etag").unwrap_or("").to_owned()
}

/// Expects the code 304 or 200 for each text of fields.
fn expect_codes(peer: &mut Peer, fields: &[String], code: u16) {
    for fields in fields {
        let answer = get(peer, fields);
        let found = answer.code;
        peer.check(
            found == code,
            &format!("The answer to {fields:?} is {found} and should be {code}."),
            &format!("wanted {code}"),
        );
        let body: &[u8] = if code == 304 { b"" } else { TEN };
        same_body(peer, &answer, body);
    }
}

#[test]
fn a_file_has_validators() {
    let lab = subject!("10");
    let (_site, server) = site(&lab);
    let mut peer = server.connect("peer");
    peer.says(
        "validators",
        "In `answer_file`, add `ETag`, `Last-Modified` and `Accept-Ranges: bytes` to each answer.",
    );
    let answer = get(&mut peer, "");
    expect_field(&peer, &answer, "last-modified", Some(LAST_MODIFIED));
    expect_field(&peer, &answer, "accept-ranges", Some("bytes"));
    expect_field(&peer, &answer, "content-type", Some("text/plain; charset=utf-8"));
    let etag = answer.field("etag").unwrap_or("");
    let inside = etag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or("");
    peer.check(
        !inside.is_empty()
            && inside.bytes().all(|byte| byte.is_ascii_graphic() && !b"\",".contains(&byte)),
        &format!("The ETag is {etag:?}."),
        "wanted visible characters in quotes",
    );
}

#[test]
fn an_etag_changes_with_the_file() {
    let lab = subject!("10");
    let (site, server) = site(&lab);
    let mut peer = server.connect("peer");
    peer.says(
        "etag-of-version",
        "In `Validators::of`, put the whole time of the last change in nanoseconds (`as_nanos`) and the size into the ETag. A second is too long, and `subsec_nanos` is only the part behind the second.",
    );
    let first = etag(&mut peer);
    let again = etag(&mut peer);
    peer.check(again == first, "The ETag of an unchanged file changed.", "wanted the same");
    let changes = [
        (&b"9876543210"[..], CHANGED + Duration::from_millis(1)),
        (b"01234567890", CHANGED),
        (TEN, CHANGED + Duration::from_secs(1)),
        // Windows counts a file's time in steps of 100 ns.
        (TEN, CHANGED + Duration::from_nanos(100)),
    ];
    for (content, time) in changes {
        if !write(&site, content, time) {
            continue;
        }
        let next = etag(&mut peer);
        peer.check(
            next != first,
            &format!("The file has changed, and its ETag is still {first}."),
            "wanted another ETag",
        );
    }
}

#[test]
fn a_known_etag_is_304() {
    let lab = subject!("10");
    let (_site, server) = site(&lab);
    let mut peer = server.connect("peer");
    peer.says(
        "if-none-match",
        "In `is_known_to`, split each `If-None-Match` at its commas, ignore `W/`, and compare whole ETags. `*` is any.",
    );
    let etag = etag(&mut peer);
    let known = [
        format!("If-None-Match: {etag}\r\n"),
        "If-None-Match: *\r\n".to_owned(),
        format!("If-None-Match: W/{etag}\r\n"),
        format!("If-None-Match: \"x\", {etag}\t,\"y\"\r\n"),
        format!("If-None-Match: \"x\"\r\nIf-None-Match: {etag}\r\n"),
    ];
    expect_codes(&mut peer, &known, 304);
    let bare = etag.trim_matches('"');
    let unknown = [
        "If-None-Match: \"x\"\r\n".to_owned(),
        "If-None-Match:\r\n".to_owned(),
        format!("If-None-Match: {bare}\r\n"),
        format!("If-None-Match: \"x{bare}\"\r\n"),
        format!("If-None-Match: \"{bare}x\"\r\n"),
        format!("If-None-Match: x{etag}\r\n"),
        format!("If-None-Match: \"x\"{etag}\"y\"\r\n"),
    ];
    expect_codes(&mut peer, &unknown, 200);
}

#[test]
fn a_304_has_no_body_and_the_validators() {
    let lab = subject!("10");
    let (_site, server) = site(&lab);
    let mut peer = server.connect("peer");
    let etag = etag(&mut peer);
    peer.says(
        "fields-of-304",
        "In `answer_file`, add the same three fields to a 304. Its empty body has no `Content-Length`.",
    );
    let answer = get(&mut peer, &format!("If-None-Match: {etag}\r\n"));
    peer.check(answer.code == 304, "The answer is not 304.", "wanted 304");
    expect_field(&peer, &answer, "etag", Some(&etag));
    expect_field(&peer, &answer, "last-modified", Some(LAST_MODIFIED));
    expect_field(&peer, &answer, "content-length", None);
    ask(&mut peer, "HEAD", "ten.txt", &format!("If-None-Match: {etag}\r\n"));
    let answer = answer_to(&mut peer, Asked::Head);
    peer.check(answer.code == 304, "The answer to HEAD is not 304.", "wanted 304");
}

#[test]
fn a_file_that_is_not_newer_is_304() {
    let lab = subject!("10");
    let (_site, server) = site(&lab);
    let mut peer = server.connect("peer");
    peer.says(
        "if-modified-since",
        "In `is_known_to`, parse `If-Modified-Since` with `parse_http_date`, and compare times, not texts. Ignore text that is no date.",
    );
    let since = |date: &str| format!("If-Modified-Since: {date}\r\n");
    let rfc_850 = "Sunday, 06-Nov-94 08:49:37 GMT";
    let known = [LAST_MODIFIED, AFTER, rfc_850, "Sun Nov  6 08:49:37 1994"].map(since);
    expect_codes(&mut peer, &known, 304);
    let unknown = [BEFORE, "yesterday", "", "1994-11-06 08:49:37"].map(since);
    expect_codes(&mut peer, &unknown, 200);
}

#[test]
fn an_etag_comes_before_a_date() {
    let lab = subject!("10");
    let (_site, server) = site(&lab);
    let mut peer = server.connect("peer");
    peer.says(
        "etag-first",
        "In `is_known_to`, look at `If-Modified-Since` only without `If-None-Match`. A date is less exact.",
    );
    let etag = etag(&mut peer);
    let date = format!("If-Modified-Since: {AFTER}\r\n");
    expect_codes(&mut peer, &[format!("{date}If-None-Match: \"x\"\r\n")], 200);
    let date = format!("If-Modified-Since: {BEFORE}\r\n");
    expect_codes(&mut peer, &[format!("If-None-Match: {etag}\r\n{date}")], 304);
}

#[test]
fn a_range_is_a_part() {
    let lab = subject!("10");
    let (_site, server) = site(&lab);
    let mut peer = server.connect("peer");
    peer.says(
        "both-ends-count",
        "In `parse_range`, both ends count: `bytes=0-4` has five bytes. Cut the last one to the end of the file. A number that does not fit 64 bits counts as `u64::MAX`.",
    );
    let parts: [(&str, &str, &[u8]); 11] = [
        ("0-4", "0-4/10", b"01234"),
        ("0-0", "0-0/10", b"0"),
        ("9-9", "9-9/10", b"9"),
        ("5-", "5-9/10", b"56789"),
        ("0-", "0-9/10", TEN),
        ("-3", "7-9/10", b"789"),
        ("-10", "0-9/10", TEN),
        ("-11", "0-9/10", TEN),
        ("8-99", "8-9/10", b"89"),
        ("8-18446744073709551616", "8-9/10", b"89"),
        ("-99999999999999999999", "0-9/10", TEN),
    ];
    for (range, content_range, part) in parts {
        let answer = get(&mut peer, &format!("Range: bytes={range}\r\n"));
        peer.check(
            answer.code == 206,
            &format!("The answer to bytes={range} is {} and should be 206.", answer.code),
            "wanted 206",
        );
        expect_field(&peer, &answer, "content-range", Some(&format!("bytes {content_range}")));
        expect_field(&peer, &answer, "content-type", Some("text/plain; charset=utf-8"));
        same_body(&peer, &answer, part);
    }
}

#[test]
fn a_range_beyond_the_end_is_416() {
    let lab = subject!("10");
    let (_site, server) = site(&lab);
    let mut peer = server.connect("peer");
    peer.says(BEYOND.0, BEYOND.1);
    let etag = etag(&mut peer);
    for range in ["10-", "10-20", "99999999999999999999-", "-0"] {
        let answer = get(&mut peer, &format!("Range: bytes={range}\r\n"));
        peer.check(
            answer.code == 416,
            &format!("The answer to bytes={range} is {} and should be 416.", answer.code),
            "wanted 416",
        );
        expect_field(&peer, &answer, "content-range", Some("bytes */10"));
        peer.says("fields-of-416", "In `answer_file`, add the same three fields to a 416.");
        expect_field(&peer, &answer, "etag", Some(&etag));
        expect_field(&peer, &answer, "last-modified", Some(LAST_MODIFIED));
        expect_field(&peer, &answer, "accept-ranges", Some("bytes"));
        peer.says(BEYOND.0, BEYOND.1);
    }
    ask(&mut peer, "GET", "one", "Range: bytes=1-\r\n");
    let answer = expect_code(&mut peer, 416);
    expect_field(&peer, &answer, "content-range", Some("bytes */1"));
}

#[test]
fn another_range_is_the_whole_file() {
    let lab = subject!("10");
    let (_site, server) = site(&lab);
    let mut peer = server.connect("peer");
    peer.says(
        "odd-range-is-whole",
        "In `parse_range`, return `Whole` for a value that is not one range of digits, and when the first byte is behind the last one, wherever the file ends. The client can use the whole file, too.",
    );
    let ranges = [
        "bytes=20-15",
        "bytes=5-4",
        "bytes=0-1,3-4",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=+1-2",
        "bytes=1",
        "lines=0-4",
        "bytes 0-4",
        "bytes=0-4-",
        "bytes=--4",
        "bytes=0x1-",
        "bytes=1 - 2",
        "bytes=-+3",
        "",
    ];
    for range in ranges {
        let answer = get(&mut peer, &format!("Range: {range}\r\n"));
        peer.check(
            answer.code == 200,
            &format!("The answer to {range:?} is {} and should be 200.", answer.code),
            "wanted 200",
        );
        same_body(&peer, &answer, TEN);
    }
    peer.says(
        "empty-file-is-whole",
        "In `parse_range`, return `Whole` for each range of an empty file.",
    );
    for range in ["0-", "-1", "0-0"] {
        ask(&mut peer, "GET", "empty", &format!("Range: bytes={range}\r\n"));
        expect_body(&mut peer, b"");
    }
    peer.says("first-range-counts", "In `wanted_range`, look only at the first `Range` field.");
    let answer = get(&mut peer, "Range: lines=0-4\r\nRange: bytes=0-4\r\n");
    peer.check(answer.code == 200, "The second `Range` field was obeyed.", "wanted 200");
    let answer = get(&mut peer, "Range: bytes=0-4\r\nRange: bytes=5-\r\n");
    peer.check(answer.code == 206, "The first `Range` field was not obeyed.", "wanted 206");
    same_body(&peer, &answer, b"01234");
    peer.says(
        "only-get-has-ranges",
        "In `wanted_range`, return `Whole` for HEAD. Only GET asks for a part.",
    );
    ask(&mut peer, "HEAD", "ten.txt", "Range: bytes=0-4\r\n");
    let answer = answer_to(&mut peer, Asked::Head);
    peer.check(answer.code == 200, "The answer to HEAD is not 200.", "wanted 200");
    expect_field(&peer, &answer, "content-length", Some("10"));
}

#[test]
fn if_range_asks_for_a_part_of_the_same_version() {
    let lab = subject!("10");
    let (_site, server) = site(&lab);
    let mut peer = server.connect("peer");
    peer.says(
        "if-range",
        "In `wanted_range`, ignore the range if `If-Range` is neither this ETag nor this Last-Modified. Parts of two versions make no file.",
    );
    let etag = etag(&mut peer);
    let ask = |value: &str| format!("Range: bytes=0-4\r\nIf-Range: {value}\r\n");
    for same in [etag.as_str(), LAST_MODIFIED] {
        let answer = get(&mut peer, &ask(same));
        peer.check(
            answer.code == 206,
            &format!("The answer with {same:?} is not 206."),
            "wanted 206",
        );
        same_body(&peer, &answer, b"01234");
    }
    let weak = format!("W/{etag}");
    for other in ["\"x\"", BEFORE, AFTER, weak.as_str(), "*"] {
        let answer = get(&mut peer, &ask(other));
        peer.check(
            answer.code == 200,
            &format!("The answer with {other:?} is not 200."),
            "wanted 200",
        );
        same_body(&peer, &answer, TEN);
    }
}
