//! Peers of other authors.

use testkit::subject;

/// The example in docs/examples.
const PYTHON_SERVER: &str = include_str!("../../../../docs/examples/echo_server.py");

#[test]
fn netcat_gets_its_lines_back() {
    let lab = subject!("01");
    let Some(netcat) = lab.netcat() else { return };
    let server = lab.serve([]);
    let mut netcat = netcat.run(["-N", "127.0.0.1", &port(server.address())]);
    netcat.write_stdin(b"hello\n").expect_line("hello");
    // Telnet ends its lines with \r\n.
    netcat.write_stdin(b"hello\r\n").expect_line("hello\r");
    netcat.write_stdin(b"goodbye").close_stdin().expect_output(b"goodbye").expect_exit(0);
}

#[test]
fn a_python_server_is_understood() {
    let lab = subject!("01").with_large_output(2 << 20);
    let Some(python) = lab.python(PYTHON_SERVER) else { return };
    let server = python.serve([]);
    let mut client = lab.run(["send", "--connect", &server.address().to_string()]);
    client.write_stdin("grüße\n".as_bytes()).expect_line("Received: grüße");
    client.write_stdin(&vec![b'x'; 1 << 20]).write_stdin(b"\n").expect_output(b"Received: xxx");
    client.close_stdin().expect_output(&vec![b'x'; (1 << 20) - 3]).expect_line("").expect_exit(0);
}

fn port(address: std::net::SocketAddr) -> String {
    address.port().to_string()
}
