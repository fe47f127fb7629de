//! Peers of other authors.

use super::shelf::{Shelf, sum};

use testkit::subject;

#[test]
fn netcat_gets_lists_and_sums() {
    let lab = subject!("07");
    let Some(netcat) = lab.netcat() else { return };
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &[]);
    let (ip, port) = (server.address().ip().to_string(), server.address().port().to_string());
    let sum = sum(b"hello, world");
    netcat
        .run(["-N", ip.as_str(), &port])
        .says(
            "requests-with-fin",
            "Answer every request that arrived before the FIN. A client may send them all together.",
        )
        .write_stdin(b"notes.txt\r\n../secret.txt\n/list\n/sum notes.txt\n/get 7 notes.txt\n")
        .close_stdin()
        .expect_output(b"12\nhello, worldERROR no such file\n")
        .expect_output(b"2\n14 docs/plan.txt\n12 notes.txt\n")
        .expect_output(format!("{sum}\n5\nworld").as_bytes())
        .expect_exit(0);
}

/// Stores a file, fetches it back, and checks its sum.
const PYTHON: &str = r#"
import hashlib, socket, sys
data = bytes(range(256)) * 5000
digest = hashlib.sha256(data).hexdigest()
with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=10) as connection:
    lines = connection.makefile("rb")
    connection.sendall(b"/put %d %s from python.bin\n" % (len(data), digest.upper().encode()))
    assert lines.readline() == b"GO\n"
    connection.sendall(data)
    assert lines.readline() == b"OK\n"
    connection.sendall(b"/get 1000 from python.bin\n/sum from python.bin\n")
    assert lines.read(int(lines.readline())) == data[1000:]
    assert lines.readline().decode() == digest + "\n"
"#;

#[test]
fn python_stores_a_file_and_fetches_it_back() {
    let lab = subject!("07");
    let Some(python) = lab.python(PYTHON) else { return };
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--writable"]);
    let (ip, port) = (server.address().ip().to_string(), server.address().port().to_string());
    python
        .run([ip.as_str(), &port])
        .says("upper-case-sum", "In `Request::parse`, use `Digest::parse`, which accepts upper case. In `upload::receive`, store the bytes unchanged.")
        .expect_exit(0);
}
