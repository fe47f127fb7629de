//! Clients of other authors: curl, Python, h11, wrk and ab.

use super::site::{Site, bytes, text};
use super::tools::{expect, printed};
use std::fs;
use testkit::{python, subject};

/// Options of curl: no settings of its user (`-q` comes first), no proxy, and no progress.
const CURL: [&str; 4] = ["-q", "--noproxy", "*", "-s"];

#[test]
fn curl_is_satisfied() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &["--max-body", "3000000"]);
    let url = |path: &str| format!("http://{}{path}", server.address());
    let upload = site.path("upload.bin");
    fs::write(&upload, bytes(2 << 20)).expect("the folder is ours");
    let (notes, echo, from) = (url("/notes.txt"), url("/-/echo"), format!("@{}", text(&upload)));
    let code = "%{http_code} %{size_download} %{num_connects}";
    let again = ["-w", " %{num_connects}", &notes];
    let cases: [(&[&str], &str); 9] = [
        (&[&notes], "hello, world"),
        (&["-r", "0-4", &notes], "hello"),
        (&["-d", "a=1", &echo], "a=1"),
        (&["--http1.0", &notes], "hello, world"),
        (&["--http1.0", &url("/-/count?to=2")], "1\n2\n"),
        (&["-I", "-o", "/dev/null", "-w", code, &notes], "200 0 1"),
        (&["-L", "-w", " %{num_connects}", &url("/docs")], "docs\n 1"),
        (
            &[&["-w", " %{num_connects} ", &notes, "--next"], &CURL[1..], &again].concat(),
            "hello, world 1 hello, world 0",
        ),
        (&["-z", "Fri, 01 Jan 2100 00:00:00 GMT", "-w", code, &notes], "304 0 1"),
    ];
    for (arguments, wanted) in cases {
        let Some(found) = printed(&lab, "curl", &[&CURL[..], arguments].concat()) else { return };
        expect(&lab, "curl", &found, wanted);
    }
    // 2 MiB, first with Expect: 100-continue, then in chunks.
    let uploads: [&[&str]; 2] = [
        &["-H", "Expect: 100-continue", "--data-binary", &from],
        &["-X", "POST", "-H", "Transfer-Encoding: chunked", "-T", &from[1..]],
    ];
    for arguments in uploads {
        let report = ["-o", "/dev/null", "-w", "%{http_code} %{size_download}"];
        let all = [&CURL[..], &report, arguments, &[&echo]];
        let Some(found) = printed(&lab, "curl", &all.concat()) else { return };
        expect(&lab, "curl", &found, "200 2097152");
    }
}

/// Where `.ci/check-text` installs h11.
const CHECKERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/checkers");

/// Runs a program in Python with its site packages. Its arguments are `argument` and [`CHECKERS`].
fn run_python(lab: &testkit::Subject, script: &str, argument: &str) -> Option<String> {
    let Some(python) = python() else {
        lab.skip("this machine has no python3");
        return None;
    };
    printed(lab, &python, &["-c", script, argument, CHECKERS])
}

#[test]
fn python_is_satisfied() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let script = r#"
import http.client, sys, urllib.request
host = sys.argv[1]
connection = http.client.HTTPConnection(host)
for path in "/notes.txt", "/docs/", "/nothing", "/-/count?to=3":
    connection.request("GET", path)
    answer = connection.getresponse()
    print(answer.status, answer.read())
connection.request("HEAD", "/notes.txt")
answer = connection.getresponse()
print(answer.getheader("content-length"), answer.read())
connection.request("POST", "/-/echo", iter([b"a", b"bc"]), encode_chunked=True, headers={"Transfer-Encoding": "chunked"})
print(connection.getresponse().read())
# Without the proxy of the environment.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
print(opener.open(f"http://{host}/docs").read())
"#;
    let Some(found) = run_python(&lab, script, &server.address().to_string()) else { return };
    let wanted = "200 b'hello, world'\n200 b'docs\\n'\n404 b'404 Not Found\\n'\n200 b'1\\n2\\n3\\n'\n12 b''\nb'abc'\nb'docs\\n'\n";
    expect(&lab, "http.client", &found, wanted);
}

#[test]
fn a_strict_reader_takes_five_hundred_answers() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let script = r#"
import sys
sys.path.append(sys.argv[2])
try:
    import h11
except ImportError:
    print("missing")
    raise SystemExit
import socket
host, port = sys.argv[1].split(":")
stream = socket.create_connection((host, int(port)))
connection = h11.Connection(h11.CLIENT)
paths = ["/", "/notes.txt", "/nothing", "/docs", "/-/count?to=2000", "/-/query?a=%26", "/-/fail"]
count = 0
for number in range(500):
    method = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"][number % 5]
    fields = [("Host", "x"), ("Range", "bytes=0-3")] if number % 3 == 0 else [("Host", "x")]
    request = h11.Request(method=method, target=paths[number % 7], headers=fields)
    stream.sendall(connection.send(request) + connection.send(h11.EndOfMessage()))
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(stream.recv(65536))
        elif type(event) is h11.EndOfMessage:
            break
    connection.start_next_cycle()
    count += 1
print(count)
"#;
    let Some(found) = run_python(&lab, script, &server.address().to_string()) else { return };
    if found == "missing\n" {
        return lab.skip("this machine has no h11 (pip install h11)");
    }
    expect(&lab, "h11", &found, "500\n");
}

#[test]
fn ab_keeps_its_connections() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &["--log", "/dev/null"]);
    let url = format!("http://{}/notes.txt", server.address());
    let Some(found) = printed(&lab, "ab", &["-k", "-n", "1000", "-c", "8", &url]) else { return };
    for line in [
        "Complete requests:      1000",
        "Failed requests:        0",
        "Keep-Alive requests:    1000",
    ] {
        lab.check(
            found.contains(line),
            &format!("ab did not print {line:?}: {found}"),
            "ab-keep-alive",
            "ab speaks HTTP/1.0. It keeps a connection only if the answer has `Connection: keep-alive`.",
        );
    }
}

#[test]
fn wrk_finds_no_error() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &["--log", "/dev/null"]);
    let url = format!("http://{}/notes.txt", server.address());
    let Some(found) = printed(&lab, "wrk", &["-t1", "-c16", "-d1s", &url]) else { return };
    lab.check(
        !found.contains("errors")
            && !found.contains("Non-2xx")
            && !found.contains(" 0 requests in"),
        &format!("wrk printed: {found}"),
        "wrk-no-errors",
        "Run wrk by hand, and look at the first answer with curl.",
    );
}
