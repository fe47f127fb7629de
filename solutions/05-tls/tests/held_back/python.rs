//! Python's ssl on either side, with certificates both ways.

use testkit::subject;

/// Sends lines, checks the answers, and closes. `unwrap` waits for the server's close_notify.
const CLIENT: &str = r#"
import socket, ssl, sys

port, folder = int(sys.argv[1]), sys.argv[2]
context = ssl.create_default_context(cafile=folder + "/ca.pem")
context.load_cert_chain(folder + "/client.pem", folder + "/client.key")
with socket.create_connection(("127.0.0.1", port), timeout=5) as plain:
    with context.wrap_socket(plain, server_hostname="localhost", suppress_ragged_eofs=False) as server:
        for number in range(20):
            server.sendall(b"line %d\n" % number)
        answer = b""
        while answer.count(b"\n") < 20:
            answer += server.recv(1000)
        print("the same" if answer == b"".join(b"Echo: line %d\n" % n for n in range(20)) else answer)
        server.unwrap()
        print("goodbye")
"#;

/// Serves one client, and prints the name in its certificate.
const SERVER: &str = r#"
import socket, ssl, sys

folder = sys.argv[-1]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder + "/server.pem", folder + "/server.key")
context.load_verify_locations(folder + "/ca.pem")
context.verify_mode = ssl.CERT_REQUIRED
with socket.create_server(("127.0.0.1", 0)) as listener:
    print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    plain, _ = listener.accept()
    with context.wrap_socket(plain, server_side=True) as client:
        print(client.getpeercert()["subjectAltName"][0][1], flush=True)
        while line := client.recv(1000):
            client.sendall(line.upper())
        client.unwrap()
"#;

#[test]
fn a_python_client_is_served() {
    let lab = subject!("05");
    let Some(python) = lab.python(CLIENT) else { return };
    let folder = lab.folder();
    let path = folder.path().to_string_lossy();
    lab.run(["certs", "--out", &path]).expect_exit(0);
    let server = lab.serve(["--certs", &path, "--require-client-cert"]);
    let port = server.address().port().to_string();
    python
        .run([port.as_str(), &path])
        .expect_line("the same")
        .expect_line("goodbye")
        .expect_exit(0);
}

#[test]
fn a_python_server_is_understood() {
    let lab = subject!("05");
    let Some(python) = lab.python(SERVER) else { return };
    let folder = lab.folder();
    let path = folder.path().to_string_lossy();
    lab.run(["certs", "--out", &path]).expect_exit(0);
    let mut server = python.serve([&*path]);
    let (address, ca) = (server.address().to_string(), format!("{path}/ca.pem"));
    let (cert, key) = (format!("{path}/client.pem"), format!("{path}/client.key"));
    lab.run(["send", "--connect", &address, "--ca", &ca, "--cert", &cert, "--key", &key, "hello"])
        .expect_line("Received: HELLO")
        .expect_exit(0);
    server.expect_line("client");
}
