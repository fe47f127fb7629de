//! Step files: from a path to a file. Decode once, then check.

use super::answers::{expect_400, expect_body, expect_code, expect_field, same_body};
use super::site::{INDEX, NOTES, SECRET, Site};
use testkit::{Peer, Server, subject};

/// Sends a request for `path` on a new connection.
fn ask(server: &Server, method: &str, path: &str, says: (&str, &str)) -> Peer {
    let mut peer = server.connect("peer");
    peer.says(says.0, says.1);
    peer.send(
        format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes(),
    );
    peer
}

#[test]
fn a_file_comes_with_its_length_and_its_type() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    site.add("style.CSS", b"p {}").add("empty", b"").add("dot.tar.png", b"\x89PNG\r\n\x1a\n");
    let server = site.serve(&lab, &[]);
    let says = (
        "length-and-type",
        "In `Response::head`, add `Content-Length` in bytes. In `answer`, take the media type of the file's name.",
    );
    let files: [(&str, &[u8], &str); 5] = [
        ("/notes.txt", NOTES, "text/plain; charset=utf-8"),
        ("/index.html", INDEX, "text/html; charset=utf-8"),
        ("/style.CSS", b"p {}", "text/css; charset=utf-8"),
        ("/empty", b"", "application/octet-stream"),
        ("/dot.tar.png", b"\x89PNG\r\n\x1a\n", "image/png"),
    ];
    for (path, content, media_type) in files {
        let mut peer = ask(&server, "GET", path, says);
        let answer = expect_body(&mut peer, content);
        expect_field(&peer, &answer, "content-length", Some(&content.len().to_string()));
        expect_field(&peer, &answer, "content-type", Some(media_type));
        expect_field(&peer, &answer, "x-content-type-options", Some("nosniff"));
        peer.expect_end();
    }
}

#[test]
fn a_missing_file_is_404() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let says = ("not-found", "In `answer`, use `Response::error` for `Found::Nothing`.");
    for path in ["/nothing", "/notes.txt/", "/notes.txt/x", "/docs/nothing", "/nothing/"] {
        let mut peer = ask(&server, "GET", path, says);
        let answer = expect_code(&mut peer, 404);
        same_body(&peer, &answer, b"404 Not Found\n");
    }
}

#[test]
fn a_path_is_decoded_once() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    site.add("a b+c.txt", b"plus").add("%41", b"percent").add("caf\u{e9}/x", b"accent");
    let server = site.serve(&lab, &[]);
    let says = (
        "decode-once",
        "In `percent_decode`, replace each escape once. A `+` in a path is a `+`, and `%2541` is `%41`.",
    );
    let files: [(&str, &[u8]); 6] = [
        ("/%6eotes%2Etxt", NOTES),
        ("/a%20b+c.txt", b"plus"),
        ("/%2541", b"percent"),
        ("/caf%C3%a9/x", b"accent"),
        ("/docs%2findex.html", b"docs\n"),
        ("/notes.txt?x=%zz", NOTES),
    ];
    for (path, content) in files {
        expect_body(&mut ask(&server, "GET", path, says), content);
    }
}

#[test]
fn a_wrong_escape_is_400() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let says = (
        "two-hex-digits",
        "In `percent_decode`, check that two hex digits follow each `%`. `from_str_radix` alone accepts `+5`.",
    );
    for path in [
        "/%", "/%4", "/%zz", "/%+5", "/notes%2", "/%0", "/%-1", "/%%41", "/%5", "/%4/x", "/%0g",
        "/%G0",
    ] {
        let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        expect_400(&server, says, head.as_bytes(), "after % two hex digits must follow");
    }
}

#[test]
fn a_folder_is_its_index_page() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    site.add("empty/notes.txt", b"");
    let server = site.serve(&lab, &[]);
    let says = ("index-page", "In `find`, append `index.html` to a path that ends in `/`.");
    for (path, content) in [("/", INDEX), ("/docs/", b"docs\n"), ("/docs/?x", b"docs\n")] {
        let mut peer = ask(&server, "GET", path, says);
        let answer = expect_body(&mut peer, content);
        expect_field(&peer, &answer, "content-type", Some("text/html; charset=utf-8"));
    }
    expect_code(&mut ask(&server, "GET", "/empty/", says), 404);
}

#[test]
fn a_folder_without_a_slash_is_a_redirect() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    site.add("a b/caf\u{e9}/index.html", b"")
        .add("100%/x", b"")
        .add("a+b/x", b"")
        .add("Az~1.-_0/x", b"");
    let server = site.serve(&lab, &[]);
    let says = (
        "encode-location",
        "In `find`, return `Folder` with the path `/NAME/` from `percent_encode`. A Location is a URL, and some bytes are not allowed there: `percent_encode` keeps only letters, digits, `-`, `.`, `_`, `~` and `/`.",
    );
    let folders = [
        ("/docs", "/docs/"),
        ("/a%20b", "/a%20b/"),
        ("/a%20b/caf%c3%a9", "/a%20b/caf%C3%A9/"),
        ("/100%25", "/100%25/"),
        ("/a+b", "/a%2Bb/"),
        ("/Az%7E1.-_0", "/Az~1.-_0/"),
    ];
    for (path, location) in folders {
        let mut peer = ask(&server, "GET", path, says);
        let answer = expect_code(&mut peer, 301);
        expect_field(&peer, &answer, "location", Some(location));
    }
}

#[test]
fn a_path_out_of_the_site_is_404() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    site.add("a\\b", SECRET).add("\u{fffd}.txt", SECRET);
    let server = site.serve(&lab, &[]);
    let says = (
        "check-after-decoding",
        "In `name_of`, decode the path first, refuse bytes that are not UTF-8, remove one `/` only, and check the rest with `Name::parse`. An escape can hide a `/` or a dot, and `//` is no name.",
    );
    let paths = [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/docs/../../secret.txt",
        "/docs/%2E./%2e%2E/secret.txt",
        "/../site/notes.txt",
        "/../site-secrets/key.txt",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/docs//index.html",
        "//docs/",
        "//docs",
        "//127.0.0.2/docs",
        "/./notes.txt",
        "/notes.txt%00",
        "/notes.txt%00.html",
        "/a%5cb",
        "/..%5csecret.txt",
        "/%0d%0aX-Evil:%20yes",
        "/notes.txt%0a",
        "/%ff",
        "/%ff.txt",
        "/%2e",
        "/%2e%2e",
    ];
    for path in paths {
        let mut peer = ask(&server, "GET", path, says);
        let answer = expect_code(&mut peer, 404);
        expect_field(&peer, &answer, "location", None);
        same_body(&peer, &answer, b"404 Not Found\n");
    }
}

#[test]
fn a_hidden_file_is_404() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    site.add(".env", SECRET).add(".git/config", SECRET).add("docs/.x/y/z", SECRET);
    let server = site.serve(&lab, &[]);
    let says = (
        "hidden-files",
        "In `name_of`, refuse a name when one of its parts begins with a dot. Such files are often secrets.",
    );
    for path in ["/.env", "/%2eenv", "/.git/config", "/.git", "/docs/.x/y/z", "/docs/.x/"] {
        let mut peer = ask(&server, "GET", path, says);
        let answer = expect_code(&mut peer, 404);
        same_body(&peer, &answer, b"404 Not Found\n");
    }
}

#[test]
#[cfg(unix)]
fn a_link_out_of_the_site_is_404() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let links = [("link.txt", "../secret.txt"), ("out", ".."), ("docs/inside.txt", "../notes.txt")];
    for (name, target) in links {
        std::os::unix::fs::symlink(target, site.path(name)).expect("the folder is ours");
    }
    let server = site.serve(&lab, &[]);
    let says = (
        "open-through-root",
        "In `find`, open the file with `root.open_file`. It follows links, and checks that the path is inside the site.",
    );
    for path in ["/link.txt", "/out/secret.txt", "/out/", "/out"] {
        expect_code(&mut ask(&server, "GET", path, says), 404);
    }
    expect_body(&mut ask(&server, "GET", "/docs/inside.txt", says), NOTES);
}

#[test]
fn another_method_is_405_and_options_is_204() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let says = (
        "allow-field",
        "In `answer`, return 405 with the field `Allow` for a method other than GET and HEAD.",
    );
    for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT"] {
        for path in ["/notes.txt", "/nothing"] {
            let mut peer = ask(&server, method, path, says);
            let answer = expect_code(&mut peer, 405);
            expect_field(&peer, &answer, "allow", Some("GET, HEAD, OPTIONS"));
        }
    }
    let says = (
        "no-length-for-204",
        "In `Response::head`, leave out `Content-Length` for a status without a body (`has_body`).",
    );
    for path in ["/notes.txt", "/nothing", "*"] {
        let mut peer = ask(&server, "OPTIONS", path, says);
        let answer = expect_code(&mut peer, 204);
        peer.check(answer.field("allow").is_some(), "The answer has no Allow.", "wanted Allow");
        expect_field(&peer, &answer, "content-length", None);
        peer.expect_end();
    }
}

#[test]
fn a_file_that_cannot_be_read_is_404() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let made = std::process::Command::new("mkfifo").arg(site.path("fifo")).status();
    if !made.is_ok_and(|status| status.success()) {
        return lab.skip("mkfifo is missing");
    }
    let server = site.serve(&lab, &[]);
    let says = (
        "regular-files-only",
        "In `find`, let `root.open_file` open the file, and return `Nothing` for each of its errors. It opens regular files only.",
    );
    expect_code(&mut ask(&server, "GET", "/fifo", says), 404);
    expect_body(&mut ask(&server, "GET", "/notes.txt", says), NOTES);
}
