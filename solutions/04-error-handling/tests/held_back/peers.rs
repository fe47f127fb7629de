//! Peers that nobody here wrote.

use common::subject;
use common::testkit::{Deadline, poll_until, seconds};
use std::process::{Command, Stdio};

/// A client of the protocol, from its description.
const PYTHON_CLIENT: &str = r#"
import socket, struct, sys

def frame(payload):
    return struct.pack(">I", len(payload)) + payload

def exactly(count):
    data = b""
    while len(data) < count:
        data += server.recv(count - len(data)) or sys.exit("closed")
    return data

def answer():
    (length,) = struct.unpack(">I", exactly(4))
    return exactly(length).decode()

with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5) as server:
    server.sendall(frame(b"PING") + frame("ECHO grüße".encode()) + frame(b"\xff"))
    print(answer(), answer(), answer(), sep="|")
    server.sendall(struct.pack(">I", 1 << 20) + b"x" * 100_000)
    print(answer(), server.recv(1))
"#;

/// A server of the protocol that fails first: resets, closes, then answers.
const PYTHON_SERVER: &str = r#"
import socket, struct

def serve(client):
    with client:
        while header := client.recv(4, socket.MSG_WAITALL):
            request = client.recv(struct.unpack(">I", header)[0], socket.MSG_WAITALL)
            answer = b"OK PONG" if request == b"PING" else b"OK " + request.removeprefix(b"ECHO ")
            client.sendall(struct.pack(">I", len(answer)) + answer)

listener = socket.create_server(("127.0.0.1", 0))
print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
rude, _ = listener.accept()
rude.recv(1)
rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
rude.close()
while True:
    serve(listener.accept()[0])
"#;

#[test]
fn netcat_gets_its_answer() {
    let lab = subject!("04");
    if !is_there("nc", "-h", "-N") {
        return lab.skip("this machine has no nc that knows -N");
    }
    let server = lab.serve([]);
    let port = server.address().port().to_string();
    lab.another(["nc"])
        .run(["-N", "127.0.0.1", &port])
        .types(b"\0\0\0\x04PING\0\0\0\x06ECHO \n")
        .ends_input()
        .expect_output(b"\0\0\0\x07OK PONG\0\0\0\x04OK \n")
        .expect_exit(0);
}

#[test]
fn netcat_that_only_listens_is_open_and_timed_out() {
    let lab = subject!("04");
    if !is_there("nc", "-h", "-N") {
        return lab.skip("this machine has no nc that knows -N");
    }
    let netcat = lab.another(["nc"]).run(["-lv", "127.0.0.1", "0"]);
    // "Listening on HOST PORT", once the kernel has chosen one.
    poll_until(Deadline::usual(), || netcat.stderr().lines().count() > 0);
    let said = netcat.stderr();
    let port = said.lines().next().and_then(|line| line.rsplit(' ').next()).unwrap_or_default();
    let address = format!("127.0.0.1:{port}");
    lab.run(["send", "--connect", &address, "--tries", "1", "--timeout", &seconds(0.2), "PING"])
        .expect_error(&["after 1 try: timed out"]);
}

#[test]
fn a_python_client_understands_every_answer() {
    let lab = subject!("04");
    let Some(python) = python() else { return lab.skip("this machine has no python3") };
    let server = lab.serve([]);
    lab.another([python.as_str()])
        .run(["-c", PYTHON_CLIENT, "127.0.0.1", &server.address().port().to_string()])
        .expect_line("OK PONG|OK grüße|ERROR BAD_ENCODING")
        .expect_line("ERROR TOO_LONG b''")
        .expect_exit(0);
}

#[test]
fn a_python_server_is_asked_again_and_understood() {
    let lab = subject!("04");
    let Some(python) = python() else { return lab.skip("this machine has no python3") };
    let folder = lab.folder();
    let path = folder.path().join("server.py");
    std::fs::write(&path, PYTHON_SERVER).expect("the folder is ours");
    let server = lab.another([&python, &*path.to_string_lossy()]).serve([]);
    let address = server.address().to_string();
    let exit = lab
        .run(["send", "--connect", &address, "--backoff", "0.001", "ECHO grüße"])
        .expect_line("OK grüße")
        .expect_exit(0);
    lab.check(
        exit.stderr.starts_with("try 1 of 4: reset"),
        &format!("The server reset the first connection, and the client says {:?}.", exit.stderr),
        "a reset may heal: ask again",
    );
    lab.run(["probe", &address]).expect_line("open").expect_exit(0);
    lab.run(["watch", "--connect", &address, "--interval", "0.05"]).expect_line("up");
}

/// The interpreter itself: what is called `python3` may be a slow script that looks for it.
fn python() -> Option<String> {
    let words = ["-c", "import sys; print(sys.executable)"];
    let output = Command::new("python3").args(words).stdin(Stdio::null()).output().ok()?;
    let path = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!path.is_empty()).then_some(path)
}

/// Whether `program`, called with `argument`, says `word`.
fn is_there(program: &str, argument: &str, word: &str) -> bool {
    let output = Command::new(program).arg(argument).stdin(Stdio::null()).output();
    output.is_ok_and(|output| {
        [output.stdout, output.stderr]
            .iter()
            .any(|text| String::from_utf8_lossy(text).contains(word))
    })
}
