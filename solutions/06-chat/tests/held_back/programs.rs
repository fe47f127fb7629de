//! Members of other authors, and two of our own.

use super::join;
use testkit::subject;

/// A member that asks which members are here, and leaves.
const PYTHON_MEMBER: &str = r"
import socket, sys

with socket.create_connection(('127.0.0.1', int(sys.argv[1])), timeout=5) as server:
    chat = server.makefile('rw', encoding='utf-8', newline='')
    assert chat.read(17) == 'Enter your name: '
    server.sendall('monty\r\nGrüße\r\n/who\r\n/quit\r\n'.encode())
    for line in chat:
        sys.stdout.write(line)
";

#[test]
fn netcat_is_a_member() {
    let lab = subject!("06");
    let Some(netcat) = lab.netcat() else { return };
    let server = lab.serve([]);
    let mut alice = join(&server, "alice");
    let mut netcat = netcat.run(["127.0.0.1", &server.address().port().to_string()]);
    netcat.write_stdin(b"neko\nhello from nc\n");
    alice.expect(b"neko joined the chat\n").expect(b"neko: hello from nc\n");
    alice.send(b"hello, nc\n/quit\n").expect(b"Goodbye.\n").expect_end();
    netcat
        .says("follow-the-protocol", "Compare each line with the protocol in the brief. nc sends and prints lines as they are.")
        .expect_line("Enter your name: Welcome, neko. Here: alice")
        .expect_line("alice: hello, nc")
        .expect_line("alice left the chat")
        .write_stdin(b"/quit\n")
        .expect_line("Goodbye.")
        .close_stdin()
        .expect_exit(0);
}

#[test]
fn pythons_socket_is_a_member() {
    let lab = subject!("06");
    let Some(python) = lab.python(PYTHON_MEMBER) else { return };
    let server = lab.serve([]);
    let mut alice = join(&server, "alice");
    let mut python = python.run([server.address().port().to_string().as_str()]);
    alice
        .expect(b"monty joined the chat\n")
        .expect("monty: Grüße\n".as_bytes())
        .expect(b"monty left the chat\n");
    python
        .says(
            "answers-keep-their-order",
            "In talk, execute one command after the other. The answers have the order of the commands.",
        )
        .expect_line("Welcome, monty. Here: alice")
        .expect_line("Here: alice")
        .expect_line("Goodbye.")
        .expect_exit(0);
}

#[test]
fn two_of_our_own_clients_talk() {
    let lab = subject!("06");
    let server = lab.serve([]);
    let address = server.address().to_string();
    let mut alice = lab.run(["join", "--connect", &address, "--name", "alice"]);
    alice.expect_line("Welcome, alice. Here: nobody else");
    let mut bob = lab.run(["join", "--connect", &address, "--name", "bob"]);
    bob.expect_line("Welcome, bob. Here: alice");
    alice.expect_line("bob joined the chat").write_stdin(b"hello, bob\n");
    bob.expect_line("alice: hello, bob").write_stdin(b"/msg alice hello yourself\n/who\n");
    // The answer to `/who` contains Alice, so she leaves only after it.
    bob.expect_line("Here: alice");
    alice.expect_line("[private] bob: hello yourself").close_stdin();
    bob.expect_line("alice left the chat");
    alice.expect_line("Goodbye.").expect_exit(0);
    let mut other = lab.run(["join", "--connect", &address, "--name", "BOB"]);
    other.expect_error(&["the name is refused", "taken"]);
}
