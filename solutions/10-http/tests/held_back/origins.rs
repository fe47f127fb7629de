//! `get` from servers of other authors.

use super::site::{INDEX, Site, bytes, text};
use super::tools::run;
use std::fs;
use std::path::Path;
use testkit::{Server, Subject, python, subject};

/// A server of `scripts/peers/python`, which serves the site.
fn peer(lab: &Subject, site: &Site, script: &str) -> Option<Server> {
    let Some(python) = python() else {
        lab.skip("this machine has no python3");
        return None;
    };
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/peers/python").join(script);
    if !path.exists() {
        // A sandbox shows its suite the folder of the lab only.
        lab.skip(&format!("scripts/peers/python/{script} is not visible here"));
        return None;
    }
    let root = text(&site.root());
    let words = [&python, "-u", &text(&path)];
    Some(lab.another(words).serve_as("serve", "127.0.0.1:0", ["--root", root.as_str()]))
}

/// Gets a page, a large file, a redirect and a missing file from `server`.
fn get_all(lab: &Subject, site: &Site, server: &Server) {
    let url = |path: &str| format!("http://{}{path}", server.address());
    lab.run(["get", &url("/")]).expect_output(INDEX).expect_exit(0);
    lab.run(["get", &url("/docs")]).expect_output(b"docs\n").expect_exit(0);
    lab.run(["get", "--head", &url("/")]).expect_exit(0);
    lab.run(["get", &url("/nothing")]).expect_error(&["404"]);
    let content = bytes(5_000_000);
    site.add("large.bin", &content);
    let folder = lab.folder();
    let path = folder.path().join("FILE");
    lab.run(["get", &url("/large.bin"), "--out", &text(&path)]).expect_exit(0);
    let saved = fs::read(&path).unwrap_or_default();
    lab.check(
        saved == content,
        "The saved file differs.",
        "same-file",
        "Compare both files with cmp.",
    );
}

#[test]
fn nginx_is_an_origin() {
    let lab = subject!("10");
    if run(&lab, "nginx", &["-v"]).is_none() {
        return;
    }
    let site = Site::new(&lab);
    let Some(server) = peer(&lab, &site, "nginx.py") else { return };
    get_all(&lab, &site, &server);
}

#[test]
fn python_is_an_origin() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let Some(server) = peer(&lab, &site, "http_server.py") else { return };
    get_all(&lab, &site, &server);
}

/// Python's own choice is HTTP/1.0, so the end of the connection ends a body without a length.
#[test]
fn python_with_http_1_0_is_an_origin() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let script = format!(
        "import functools, http.server as h\n\
         handler = functools.partial(h.SimpleHTTPRequestHandler, directory={:?})\n\
         s = h.ThreadingHTTPServer(('127.0.0.1', 0), handler)\n\
         print('listening on 127.0.0.1:%d' % s.server_port, flush=True)\n\
         s.serve_forever()",
        text(&site.root())
    );
    let Some(python) = lab.python(&script) else { return };
    let server = python.serve([]);
    get_all(&lab, &site, &server);
}

/// The servers of the classic exercises: LF only and no length, or a length in characters.
#[test]
fn old_exercises_are_origins() {
    let lab = subject!("10");
    let answers: [(&str, &[u8]); 2] = [
        ("HTTP/1.1 200 OK\\nContent-Type: text/html\\n\\n<h1>Hello</h1>", b"<h1>Hello</h1>"),
        ("HTTP/1.1 200 OK\\nContent-Length: 5\\nConnection: close\\n\\nhello", b"hello"),
    ];
    for (answer, body) in answers {
        let script = format!(
            "import socket\ns = socket.create_server(('127.0.0.1', 0))\n\
             print('listening on 127.0.0.1:%d' % s.getsockname()[1], flush=True)\n\
             c, _ = s.accept()\nc.recv(1024)\nc.sendall(b'{answer}')\nc.close()\ns.accept()"
        );
        let Some(python) = lab.python(&script) else { return };
        let server = python.serve([]);
        let url = format!("http://{}/", server.address());
        lab.run(["get", &url]).expect_output(body).expect_exit(0);
    }
}
