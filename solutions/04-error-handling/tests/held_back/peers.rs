//! Peers that other people wrote, and peers in Python.

use testkit::{Deadline, poll_until, subject, test_time_arg};

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
    let Some(netcat) = lab.netcat() else { return };
    let server = lab.serve([]);
    let port = server.address().port().to_string();
    netcat
        .run(["-N", "127.0.0.1", &port])
        .write_stdin(b"\0\0\0\x04PING\0\0\0\x06ECHO \n")
        .close_stdin()
        .expect_output(b"\0\0\0\x07OK PONG\0\0\0\x04OK \n")
        .expect_exit(0);
}

#[test]
fn netcat_that_only_listens_is_open_and_timed_out() {
    let lab = subject!("04");
    let Some(netcat) = lab.netcat() else { return };
    let netcat = netcat.run(["-lv", "127.0.0.1", "0"]);
    // "Listening on HOST PORT", once the kernel has chosen one.
    netcat.wait_until_started();
    poll_until(Deadline::usual(), || netcat.stderr().lines().count() > 0);
    let stderr = netcat.stderr();
    let port = stderr.lines().next().and_then(|line| line.rsplit(' ').next()).unwrap_or_default();
    let address = format!("127.0.0.1:{port}");
    lab.run([
        "send",
        "--connect",
        &address,
        "--tries",
        "1",
        "--timeout",
        &test_time_arg(0.2),
        "PING",
    ])
    .expect_error(&["after 1 try: timed out"]);
}

#[test]
fn a_python_client_understands_every_answer() {
    let lab = subject!("04");
    let Some(python) = lab.python(PYTHON_CLIENT) else { return };
    let server = lab.serve([]);
    python
        .run(["127.0.0.1", &server.address().port().to_string()])
        .expect_line("OK PONG|OK grüße|ERROR BAD_ENCODING")
        .expect_line("ERROR TOO_LONG b''")
        .expect_exit(0);
}

#[test]
fn a_python_server_is_asked_again_and_understood() {
    let lab = subject!("04");
    let Some(python) = lab.python(PYTHON_SERVER) else { return };
    let server = python.serve([]);
    let address = server.address().to_string();
    let exit = lab
        .run(["send", "--connect", &address, "--backoff", "0.001", "ECHO grüße"])
        .expect_line("OK grüße")
        .expect_exit(0);
    lab.check(
        exit.stderr.starts_with("try 1 of 4: reset"),
        &format!("The server reset the first connection, and stderr holds {:?}.", exit.stderr),
        "retry-after-a-reset",
        "Return true for `Reset` in `is_retryable`. A server that crashed may be back.",
    );
    lab.run(["probe", &address]).expect_line("open").expect_exit(0);
    lab.run(["watch", "--connect", &address, "--interval", "1"]).expect_line("up");
}
