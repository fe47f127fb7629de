//! Peers by other authors.

use testkit::subject;

/// Asks in lines, in odd pieces, and prints the answers.
const PYTHON_CLIENT: &str = r#"
import socket, sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5) as server:
    for piece in (b"one\r", b"\ntwo\nthr", b"ee\nClose\r\nmore"):
        server.sendall(piece)
    print(server.makefile("rb").read())
"#;

/// The classic client, which takes the bytes of one recv for the answer.
const CLASSIC_CLIENT: &str = r#"
import socket, sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5) as client:
    for message in ("hello", "two words", "close"):
        client.send(message.encode("utf-8")[:1024])
        response = client.recv(1024).decode("utf-8")
        if response.lower() == "closed":
            break
        print("Received:", response)
print("Connection to server closed")
"#;

/// A server that answers lines in upper case.
const PYTHON_SERVER: &str = r#"
import socket

listener = socket.create_server(("127.0.0.1", 0))
print(f"listening on 127.0.0.1:{listener.getsockname()[1]}", flush=True)
client = listener.accept()[0].makefile("rwb")
for line in client:
    client.write(line.upper())
    client.flush()
"#;

#[test]
fn netcat_is_answered_line_by_line() {
    let lab = subject!("02");
    let Some(netcat) = lab.netcat() else { return };
    let server = lab.serve([]);
    let port = server.address().port().to_string();
    let mut netcat = netcat.run(["127.0.0.1", &port]);
    netcat.write_stdin(b"hello\n").expect_line("accepted");
    // As telnet ends its lines.
    netcat.write_stdin(b"stats\r\n").expect_line("clients 1, messages 1");
    netcat.write_stdin(b"close\n").expect_line("closed").close_stdin().expect_exit(0);
}

#[test]
fn a_python_client_is_answered() {
    let lab = subject!("02");
    let Some(python) = lab.python(PYTHON_CLIENT) else { return };
    let server = lab.serve([]);
    python
        .run([server.address().port().to_string().as_str()])
        .expect_line(r"b'accepted\naccepted\naccepted\nclosed\n'")
        .expect_exit(0);
}

#[test]
fn a_classic_client_is_answered_in_framing_read() {
    let lab = subject!("02");
    let Some(python) = lab.python(CLASSIC_CLIENT) else { return };
    let server = lab.serve(["--framing", "read"]);
    python
        .run([server.address().port().to_string().as_str()])
        .expect_line("Received: accepted")
        .expect_line("Received: accepted")
        .expect_line("Connection to server closed")
        .expect_exit(0);
}

#[test]
fn a_python_server_is_understood() {
    let lab = subject!("02");
    let Some(python) = lab.python(PYTHON_SERVER) else { return };
    let mut server = python.run([]);
    let address = server.line().replace("listening on ", "");
    lab.run(["send", "--connect", &address, "hello", "", "two words"])
        .expect_line("Received: HELLO")
        .expect_line("Received: ")
        .expect_line("Received: TWO WORDS")
        .expect_exit(0);
    server.expect_exit(0);
}
