//! Peers of other authors, on either side.

use std::process::{Command, Stdio};
use testkit::{Subject, subject};

/// Three lines that each tool sends, and the answers.
const ASKED: &[u8] = b"echo hello\nbytes 27\nclose\n";
const ANSWERED: &[u8] = b"hello\nabcdefghijklmnopqrstuvwxyz\nclosed\n";

const SAME_FOR_ALL: (&str, &str) = (
    "the-same-for-every-client",
    "Any client that speaks lines over a stream gets the same answers, over TCP and over a path.",
);

/// Whether `program` can be started here. If not, the test is noted as skipped.
fn has(lab: &Subject, program: &str) -> bool {
    let tried =
        Command::new(program).arg("-h").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if tried.is_err() {
        lab.skip(&format!("this machine has no {program}"));
    }
    tried.is_ok()
}

/// Lets `words` talk to the server.
fn talk(lab: &Subject, words: &[&str]) {
    let (program, arguments) = words.split_first().expect("a command has a name");
    let mut tool = lab.another([*program]).run(arguments.iter().copied());
    tool.write_stdin(ASKED).close_stdin();
    tool.says(SAME_FOR_ALL.0, SAME_FOR_ALL.1).expect_output(ANSWERED).expect_exit(0);
}

#[test]
fn netcat_is_served() {
    let lab = subject!("09");
    if lab.netcat().is_none() {
        return;
    }
    let folder = lab.folder();
    let path = folder.path().join("socket").to_string_lossy().into_owned();
    let server = lab.serve(["--listen", &format!("unix:{path}")]);
    let port = server.address().port().to_string();
    talk(&lab, &["nc", "-N", "127.0.0.1", &port]);
    talk(&lab, &["nc", "-N", "-U", &path]);
}

#[test]
fn socat_is_served() {
    let lab = subject!("09");
    if !has(&lab, "socat") {
        return;
    }
    let folder = lab.folder();
    let path = folder.path().join("socket").to_string_lossy().into_owned();
    let server = lab.serve(["--listen", &format!("unix:{path}"), "--backend", "poll"]);
    talk(&lab, &["socat", "-t5", "-", &format!("UNIX-CONNECT:{path}")]);
    talk(&lab, &["socat", "-t5", "-", &format!("TCP:{}", server.address())]);
}

/// Eight clients in Python's own loop, each of which asks 25 times.
const ASYNCIO: &str = r#"
import asyncio, sys

async def client(number):
    reader, writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    for count in range(25):
        writer.write(b"echo %d %d\nbytes 1000\n" % (number, count))
        assert await reader.readline() == b"%d %d\n" % (number, count)
        assert len(await reader.readexactly(1000)) == 1000
    writer.close()

async def main():
    await asyncio.gather(*(client(number) for number in range(8)))
    print("all answered")

print("started")
asyncio.run(main())
"#;

#[test]
fn asyncio_clients_are_served() {
    let lab = subject!("09");
    let Some(python) = lab.python(ASYNCIO) else { return };
    let server = lab.serve([]);
    let port = server.address().port().to_string();
    python
        .run([port.as_str()])
        .says(SAME_FOR_ALL.0, SAME_FOR_ALL.1)
        .expect_line("started")
        .expect_line("all answered")
        .expect_exit(0);
}

/// The same with the module `selectors`, non-blocking.
const SELECTORS: &str = r#"
import selectors, socket, sys

selector = selectors.DefaultSelector()
for number in range(2):
    client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    client.setblocking(False)
    client.send(b"bytes 6000000\nclose\n")
    selector.register(client, selectors.EVENT_READ, [])
print("started")
left = 2
while left:
    for key, _ in selector.select():
        part = key.fileobj.recv(65536)
        key.data.append(part)
        if not part:
            answer = b"".join(key.data)
            assert len(answer) == 6000007 and answer.endswith(b"\nclosed\n"), answer[-20:]
            selector.unregister(key.fileobj)
            key.fileobj.close()
            left -= 1
print("all answered")
"#;

#[test]
fn clients_with_selectors_are_served() {
    let lab = subject!("09");
    let Some(python) = lab.python(SELECTORS) else { return };
    let server = lab.serve([]);
    let port = server.address().port().to_string();
    python
        .run([port.as_str()])
        .says(SAME_FOR_ALL.0, SAME_FOR_ALL.1)
        .expect_line("started")
        .expect_line("all answered")
        .expect_exit(0);
}

/// A server of Python's socketserver that sends lines back.
const SOCKETSERVER: &str = r#"
import socketserver

class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)

with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
    print("listening on %s:%d" % server.server_address, flush=True)
    server.serve_forever()
"#;

#[test]
fn ask_asks_a_server_in_python() {
    let lab = subject!("09");
    let Some(python) = lab.python(SOCKETSERVER) else { return };
    let server = python.serve([]);
    let address = server.address().to_string();
    lab.run(["ask", "--timeout", "100", "--connect", &address, "one", "two"])
        .says("ask-any-server", "Any server that answers a line by a line can be asked.")
        .expect_line(&format!("{address}: one"))
        .expect_line(&format!("{address}: two"))
        .expect_exit(0);
}

/// The program of another lab's solution, which cargo has built if that lab's tests ran.
fn other_solution(lab: &Subject, number: &str) -> Option<Subject> {
    let ours = std::env::current_exe().ok()?;
    let path = ours.parent()?.parent()?.join(format!("solution{number}"));
    if !path.is_file() {
        lab.skip(&format!("solution{number} is not built: cargo build -p solution{number}"));
        return None;
    }
    Some(lab.another([path.to_string_lossy().as_ref()]))
}

#[test]
fn ask_asks_the_servers_of_labs_01_and_02() {
    let lab = subject!("09");
    let (Some(first), Some(second)) = (other_solution(&lab, "01"), other_solution(&lab, "02"))
    else {
        return;
    };
    let (echo, lines) = (first.serve([]), second.serve([]));
    let addresses = [echo.address().to_string(), lines.address().to_string()];
    for (address, answer) in addresses.iter().zip(["hello", "accepted"]) {
        lab.run(["ask", "--timeout", "100", "--connect", address, "hello"])
            .says("ask-any-server", "Any server that answers a line by a line can be asked.")
            .expect_line(&format!("{address}: {answer}"))
            .expect_exit(0);
    }
}
