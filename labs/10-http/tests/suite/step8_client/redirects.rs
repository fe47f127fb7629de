//! Redirects, which are the wish of a stranger.

use super::super::fetch::{Fetch, head_lines};
use super::HELLO;
use testkit::subject;

#[test]
fn a_redirect_is_followed() {
    let lab = subject!("10");
    let places = [
        ("/a/b?q", 301, "/b", "/b"),
        ("/a/b?q", 302, "c?x=1", "/a/c?x=1"),
        ("/a/b?q", 303, "../d/./e", "/d/e"),
        ("/a/b?q", 307, "?y", "/a/b?y"),
        ("/a/b?q", 308, "..", "/"),
        ("/a/b?q", 308, "#top", "/a/b?q"),
        ("/a/b?q", 307, "", "/a/b?q"),
        ("/a/b?q", 302, "../../../z", "/z"),
        ("/a/b?q", 302, "/p#frag", "/p"),
        ("/b", 302, "c", "/c"),
        ("/a/b", 302, "d/", "/a/d/"),
        ("/a/b", 302, "c?x=/../y", "/a/c?x=/../y"),
    ];
    for (from, code, location, target) in places {
        let mut fetch = Fetch::new(&lab, from, &[]);
        let answer =
            format!("HTTP/1.1 {code} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
        drop(fetch.answer(answer.as_bytes()));
        fetch.host.says(
            "follow-redirect",
            "In `follow`, send the next request to the URL of `join`, on a new connection.",
        );
        let (mut peer, lines) = fetch.accept();
        let wanted = format!("GET {target} HTTP/1.1");
        fetch.client.check(
            lines.first() == Some(&wanted),
            &format!("After `Location: {location}` the request is {lines:?}, and {wanted:?} was expected."),
            "join-location",
            "In `Url::join`, a relative Location begins in the folder of the request's path, which ends at its last `/`. Resolve `.` and `..` in the path only, not in the query, and keep a `/` at the end. A Location that is empty or only a fragment is the same URL.",
        );
        peer.send(HELLO);
        fetch
            .client
            .says(
                "follow-redirect",
                "In `follow`, send the next request to the URL of `join`, on a new connection.",
            )
            .expect_output(b"hello")
            .expect_exit(0);
    }
}

#[test]
fn a_redirect_may_lead_to_another_server() {
    let lab = subject!("10");
    for prefix in ["http://", "//"] {
        let mut other = lab.scripted_server("other");
        let mut fetch = Fetch::new(&lab, "/", &[]);
        let answer = format!(
            "HTTP/1.1 302 Found\r\nLocation: {prefix}{}/x\r\nContent-Length: 0\r\n\r\n",
            other.address()
        );
        drop(fetch.answer(answer.as_bytes()));
        other.says(
            "host-of-redirect",
            "In `Url::join`, take the host of a Location that has one. `Host` must name the new server.",
        );
        let mut peer = other.accept();
        peer.says("host-of-redirect", "In `Url::join`, take the host of a Location that has one. `Host` must name the new server.")
            .expect(b"GET /x HTTP/1.1\r\n");
        let lines = head_lines(&mut peer);
        let wanted = format!("Host: {}", other.address());
        peer.check(
            lines.contains(&wanted),
            &format!("The request to the new server has no line `{wanted}`."),
            "wanted the new host",
        );
        peer.send(HELLO);
        fetch.client.expect_exit(0);
    }
}

#[test]
fn a_redirect_leads_only_to_http() {
    let lab = subject!("10");
    let says = (
        "only-http",
        "In `Url::join`, let `Url::parse` check the whole new URL. A server must not choose another scheme or forge a request.",
    );
    let locations = [
        ("https://localhost/", "only http:// URLs are supported"),
        ("file:///etc/passwd", "only http:// URLs are supported"),
        ("javascript:alert(1)", "only http:// URLs are supported"),
        ("/a b", "visible ASCII"),
        ("http://user@localhost/", "after http:// a host"),
    ];
    for (location, why) in locations {
        let mut fetch = Fetch::new(&lab, "/", &[]);
        let _peer =
            fetch.answer(format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n").as_bytes());
        fetch.client.says(says.0, says.1).expect_error(&["cannot get", why]);
    }
    let mut fetch = Fetch::new(&lab, "/", &[]);
    let _peer = fetch.answer(b"HTTP/1.1 302 Found\r\n\r\n");
    fetch
        .client
        .says("no-location", "In `follow`, return `NoLocation` for a redirect without a Location.")
        .expect_error(&["the redirect has no Location"]);
}

#[test]
fn redirects_have_an_end() {
    let lab = subject!("10");
    let mut fetch = Fetch::new(&lab, "/", &["--max-redirects", "2"]);
    let circle = b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n";
    let says = (
        "count-redirects",
        "In `follow`, count the redirects. With at most N of them there are N + 1 requests. Two servers may send a client round in a circle.",
    );
    fetch.host.says(says.0, says.1);
    for _ in 0..3 {
        drop(fetch.answer(circle));
    }
    fetch.client.says(says.0, says.1).expect_error(&["more than 2 redirects"]);
    let mut fetch = Fetch::new(&lab, "/", &["--max-redirects", "1"]);
    drop(fetch.answer(circle));
    let _peer = fetch.answer(HELLO);
    fetch.client.expect_output(b"hello").expect_exit(0);
}
