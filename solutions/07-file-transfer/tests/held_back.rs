//! Tests that only the instructor has: kills at ten moments, two hundred clients, little memory, a
//! full disk, random names, traced system calls, and peers of other authors.

#[path = "held_back/kills.rs"]
mod kills;
#[path = "held_back/programs.rs"]
mod programs;
#[path = "../../../labs/07-file-transfer/tests/suite/shelf.rs"]
#[allow(dead_code, reason = "the suite uses the other functions")]
mod shelf;

use shelf::{NO_SUCH_FILE, Shelf, bytes, content, expect_file, put, text};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;
use std::{fs, thread};
use testkit::{
    Deadline, Process, Server, Subject, TempDir, poll_until, scale_deadline, subject, test_time_arg,
};

/// How long a transfer of many megabytes may take, and its sums.
const TRANSFER: Duration = Duration::from_secs(10);

fn run_get(lab: &Subject, server: &Server, name: &str, folder: &TempDir) -> Process {
    let (address, folder) = (server.address().to_string(), text(folder.path()));
    lab.run(["get", "--connect", &address, name, "--out", &folder])
}

fn len(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

/// Waits until `client` has its file at `path`. That may take longer than the kit waits for a
/// program that prints nothing.
fn arrives(path: &Path, client: &Process) {
    poll_until(Deadline::after(TRANSFER), || path.exists() || client.has_ended());
}

#[test]
fn two_hundred_clients_at_once_ten_of_them_silent() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let large = bytes(200_000);
    shelf.add("large", &large);
    let server = shelf.serve(&lab, &["--request-timeout", &test_time_arg(2.0)]);
    let address = server.address();
    let silent: Vec<_> = (0..10).map(|_| TcpStream::connect(address)).collect();
    let wanted = [b"200000\n", &large[..]].concat();
    let whole = thread::scope(|scope| {
        let clients: Vec<_> = (0..190)
            .map(|_| scope.spawn(|| ask(address, b"large\n").is_ok_and(|got| got == wanted)))
            .collect();
        clients.into_iter().filter_map(|client| client.join().ok()).filter(|whole| *whole).count()
    });
    server.check(
        whole == 190,
        &format!("{whole} of 190 clients got the whole file while ten were silent."),
        "serve-two-hundred",
        "In `serve`, give each client a thread. A silent client must not delay another one.",
    );
    for client in silent {
        let mut answer = Vec::new();
        let outcome = client.and_then(|mut client| {
            client.set_read_timeout(Some(scale_deadline(TRANSFER)))?;
            client.read_to_end(&mut answer)
        });
        let is_told = outcome.is_ok() && answer == b"ERROR timed out\n";
        server.check(
            is_told,
            &format!("A silent client received {answer:?}."),
            "tell-timed-out",
            "In `read_in_time`, return `TimedOut`. The server then sends `ERROR timed out` and closes gracefully.",
        );
    }
}

/// The whole answer to `request`, after which the client finishes sending.
fn ask(address: SocketAddr, request: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(scale_deadline(TRANSFER)))?;
    stream.write_all(request)?;
    stream.shutdown(std::net::Shutdown::Write)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_larger_than_the_address_space_goes_both_ways() {
    let lab = subject!("07").limit_memory(40 << 20);
    let shelf = Shelf::new(&lab);
    let size = 48 << 20;
    shelf.add_sparse("large", size);
    let (mut server, folder) = (shelf.serve(&lab, &["--writable"]), lab.folder());
    let (done, copy) = (folder.path().join("large"), shelf.path("copy"));
    server.says(
        "buffer-in-little-memory",
        "Use a small buffer in `copy` and `Digest::of`. This server has an address space of 40 MiB, and the file has 48 MiB.",
    );
    let mut client = run_get(&lab, &server, "large", &folder);
    arrives(&done, &client);
    client.expect_exit(0);
    let (address, path) = (server.address().to_string(), text(&done));
    let mut client = lab.run(["put", "--connect", &address, &path, "--as", "copy"]);
    arrives(&copy, &client);
    client.expect_exit(0);
    server.check(
        len(&copy) == size && len(&done) == size,
        "A copy has not the size of the file.",
        "count",
        "count",
    );
}

#[test]
fn names_from_a_dice_are_served_only_when_they_are_right() {
    const PIECES: [&str; 14] = [
        "..",
        "/",
        ".",
        "docs",
        "/",
        "notes.txt",
        "plan.txt",
        "\\",
        " ",
        "%2e",
        "secret.txt",
        "//",
        "\u{ff0e}",
        "\t",
    ];
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    // A linear congruential generator (Knuth's constants) makes the same names in every run.
    let mut state = 7_u64;
    let mut dice = |sides: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % sides
    };
    for _ in 0..3000 {
        let count = 1 + dice(5);
        let name: String = (0..count).map(|_| PIECES[dice(14) as usize]).collect();
        peer.says("one-spelling-per-file", "In `Name::parse`, refuse every second spelling of a name, such as `./notes.txt`. Each file has exactly one name.");
        match name.as_str() {
            "notes.txt" => expect_file(&mut peer, &name, b"hello, world"),
            "docs/plan.txt" => expect_file(&mut peer, &name, b"first the plan"),
            _ => _ = peer.send(format!("{name}\n").as_bytes()).expect(NO_SUCH_FILE),
        }
    }
}

#[test]
#[cfg(unix)]
fn a_full_disk_is_told_and_leaves_nothing() {
    // No file may be longer than 100 blocks. The program ignores the signal SIGXFSZ.
    let limit = "trap '' XFSZ; ulimit -f 100; exec \"$@\"";
    let lab = subject!("07").with_prefix(&["sh", "-c", limit, "sh"]);
    let shelf = Shelf::new(&lab);
    let before = shelf.everything();
    let server = shelf.serve(&lab, &["--writable"]);
    let large = bytes(1 << 20);
    let mut peer = server.connect("peer");
    peer.says(
        "disk-error-is-told",
        "In `copy::receive`, return `CopyError::Sink` when the file cannot be written. The connection still works, so the client gets a reason.",
    );
    peer.send(&put("large", &large)).expect(b"GO\n").send(&large);
    peer.expect(b"ERROR cannot store the file\n").expect_end();
    server.check(
        shelf.everything() == before,
        "A failed upload has left a file in the shared folder.",
        "disk-error-removes-upload",
        "In `upload::receive`, return the error with `?`. Dropping the `NamedTempFile` removes it.",
    );
    expect_file(&mut server.connect("next"), "notes.txt", b"hello, world");
}

/// Waits until the trace has a line with `word`, and returns all of it.
fn trace_with(folder: &TempDir, word: &str) -> String {
    let trace = || String::from_utf8_lossy(&content(&folder.path().join("trace"))).into_owned();
    poll_until(Deadline::usual(), || trace().contains(word));
    trace()
}

#[test]
fn ok_comes_after_the_bytes_and_the_name_are_on_the_disk() {
    let calls = "fsync,fdatasync,rename,renameat,renameat2,write,sendto";
    let Some((lab, folder)) = subject!("07").traced(calls) else { return };
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--writable"]);
    let mut peer = server.connect("peer");
    peer.send(&put("new.txt", b"x")).expect(b"GO\n").send(b"x").expect(b"OK\n");
    let trace = trace_with(&folder, "\"OK\\n\"");
    let places: Vec<Option<usize>> =
        ["sync(", "rename", "\"OK\\n\""].iter().map(|word| trace.find(word)).collect();
    let in_order = places.iter().all(Option::is_some) && places.is_sorted();
    let syncs = trace.matches("sync(").count();
    server.check(
        in_order && syncs >= 2,
        &format!("These system calls were made, in this order:\n{trace}"),
        "sync-rename-sync-ok",
        "In `publish`, call fsync for the file, rename it, call fsync for the folder. Write OK after that.",
    );
}

#[test]
#[cfg(target_os = "linux")]
fn at_most_256_clients_have_a_thread() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--request-timeout", "600"]);
    // A server that accepts no client has a full backlog, and connect(2) would try for two minutes.
    let patience = scale_deadline(Duration::from_secs(5));
    let connect = |_| TcpStream::connect_timeout(&server.address(), patience).ok();
    let clients: Vec<TcpStream> = (0..300).map_while(connect).collect();
    server.wait_until_idle();
    let Some(resources) = server.resources() else {
        return lab.skip("no /proc to count threads in");
    };
    server.check(
        clients.len() == 300 && resources.threads <= 256 + 8,
        &format!("With 300 clients the server has {} threads.", resources.threads),
        "bound-the-threads",
        "In `serve`, use `clients::serve`, or count the clients. Without a limit each client costs a thread and a descriptor.",
    );
}

#[test]
#[cfg(target_os = "linux")]
fn the_kernel_sends_the_file_by_itself() {
    let Some((lab, folder)) = subject!("07").traced("sendfile,sendfile64,splice") else { return };
    let shelf = Shelf::new(&lab);
    shelf.add("large", &bytes(1_000_000));
    let server = shelf.serve(&lab, &[]);
    expect_file(&mut server.connect("peer"), "large", &bytes(1_000_000));
    let trace = trace_with(&folder, "sendfile");
    server.check(
        trace.contains("sendfile"),
        &format!("The trace has no sendfile(2):\n{trace}"),
        "use-sendfile",
        "In `copy::send`, use `rustix::fs::sendfile` on Linux. `std::io::copy` reads and writes when the target is a socket.",
    );
}
