//! URLs: their forms, and texts that are none.

use super::super::fetch::Fetch;
use super::HELLO;
use std::net::Ipv6Addr;
use testkit::{ClosedPort, subject};

#[test]
fn a_url_may_have_many_forms() {
    let lab = subject!("10");
    let forms = [
        ("", "/"),
        ("/", "/"),
        ("?a=1", "/?a=1"),
        ("/a#top", "/a"),
        ("/%20?x=/?#y#z", "/%20?x=/?"),
    ];
    for (path, target) in forms {
        let says = (
            "target-of-url",
            "In `Url::parse`, cut the fragment off first. HOST ends before the first `/` or `?`, and the target begins with `/` if the path is missing.",
        );
        let mut fetch = Fetch::new(&lab, path, &[]);
        fetch.host.says(says.0, says.1);
        let (mut peer, lines) = fetch.accept();
        let wanted = format!("GET {target} HTTP/1.1");
        fetch.client.check(
            lines.first() == Some(&wanted),
            &format!("For {path:?} the request is {lines:?}."),
            says.0,
            says.1,
        );
        peer.send(HELLO);
        fetch.client.expect_exit(0);
    }
}

#[test]
fn a_scheme_has_any_case_and_a_host_may_be_ipv6() {
    let lab = subject!("10");
    let says = (
        "url-forms",
        "In `Url::parse`, compare the scheme in any case. In `Url::address`, the colons in `[…]` belong to the host, and the host is without the brackets.",
    );
    let mut hosts = vec![(lab.scripted_server("host"), "HTTP://")];
    let ipv6 = lab.scripted_server_on((Ipv6Addr::LOCALHOST, 0).into(), "host");
    hosts.extend(ipv6.map(|host| (host, "http://")));
    for (mut host, scheme) in hosts {
        host.says(says.0, says.1);
        let url = format!("{scheme}{}/x", host.address());
        let mut fetch = Fetch::from(&lab, host, &url, &[]);
        fetch.client.says(says.0, says.1);
        let (mut peer, lines) = fetch.accept();
        let wanted = format!("Host: {}", fetch.host.address());
        fetch.client.check(
            lines.contains(&wanted),
            &format!("The request is {lines:?}, and {wanted:?} is missing."),
            says.0,
            says.1,
        );
        peer.send(HELLO);
        fetch.client.expect_output(b"hello").expect_exit(0);
    }
}

#[test]
fn what_is_no_url_is_an_error() {
    let lab = subject!("10");
    let characters = "a URL has only visible ASCII characters";
    let scheme = "only http:// URLs are supported";
    let authority = "after http:// a host and perhaps a port must follow";
    let urls = [
        ("http://localhost/a b", characters),
        ("http://localhost/\r\nX-Evil: yes", characters),
        ("http://localhost/\r\nX-Evil:yes", characters),
        ("http://localhost/\u{7f}", characters),
        ("http://localhost/caf\u{e9}", characters),
        ("https://localhost/", scheme),
        ("file:///etc/passwd", scheme),
        ("localhost/", scheme),
        ("", scheme),
        ("http:/localhost/", scheme),
        ("http://", authority),
        ("http:///path", authority),
        ("http://user@localhost/", authority),
        ("http://user:word@localhost/", authority),
        ("http://localhost:/", authority),
        ("http://localhost:65536/", authority),
        ("http://localhost:+80/", authority),
        ("http://localhost:x/", authority),
        ("http://:80/", authority),
        ("http://[::1/", authority),
        ("http://[::1]80/", authority),
    ];
    for (url, why) in urls {
        lab.run(["get", url])
            .says(
                "strict-url",
                "In `Url::parse` and `address`, check the characters, the scheme, the host, and the digits of the port, in this order.",
            )
            .expect_error(&["cannot get", why]);
    }
}

#[test]
fn a_server_that_is_not_there_is_an_error() {
    let lab = subject!("10");
    let closed = ClosedPort::new();
    lab.run(["get", &format!("http://{}/", closed.address())])
        .says("address-of-url", "In `Url::address`, split the host and the port.")
        .expect_error(&["cannot get", closed.address(), "connection refused"]);
}
