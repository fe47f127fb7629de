//! Step options: what you ask the kernel, and what it does; and sockets with a path.

use super::clients::ask;
use socket2::{Domain, SockAddr, Socket, Type};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use testkit::{Subject, TempDir, subject};

const GOT: (&str, &str) = (
    "print-what-getsockopt-returns",
    "In `report`, print the value of getsockopt(2) behind `got`. The kernel may choose another value than the one asked.",
);

const STALE: (&str, &str) = (
    "replace-what-a-dead-server-left",
    "In `bind`, after `AddrInUse`, call `remove_stale` and bind again. A path stays when its server is killed.",
);

/// A path for a socket in a folder of its own.
fn path(lab: &Subject) -> (TempDir, PathBuf) {
    let folder = lab.folder();
    let path = folder.path().join("socket");
    (folder, path)
}

/// The argument of `--listen` for `path`.
fn unix(path: &std::path::Path) -> String {
    format!("unix:{}", path.display())
}

#[test]
fn the_kernel_doubles_a_buffer() {
    let lab = subject!("09");
    if !cfg!(target_os = "linux") {
        return lab.skip("only Linux doubles what is asked");
    }
    lab.run(["options", "--sndbuf", "20000", "--rcvbuf", "4096"])
        .says(GOT.0, GOT.1)
        .expect_line("SO_SNDBUF asked 20000 got 40000")
        .expect_line("SO_RCVBUF asked 4096 got 8192");
}

#[test]
fn options_are_printed_as_they_were_asked() {
    let lab = subject!("09");
    let mut client = lab.run(["options", "--nodelay", "--keepalive", "30"]);
    let buffers = [client.line(), client.line()];
    client.check(
        buffers
            .iter()
            .zip(["SO_SNDBUF got ", "SO_RCVBUF got "])
            .all(|(line, name)| line.starts_with(name)),
        &format!("The lines of the buffers are {buffers:?}."),
        GOT.0,
        GOT.1,
    );
    client
        .says(
            "set-what-is-asked",
            "In `apply`, set TCP_NODELAY, and the keepalive with its time, if they are asked.",
        )
        .expect_line("TCP_NODELAY asked on got on")
        .expect_line("SO_KEEPALIVE asked on got on")
        .expect_line("TCP_KEEPIDLE asked 30 got 30")
        .expect_line("SO_REUSEADDR got on")
        .expect_exit(0);
}

#[test]
fn options_that_are_not_asked_are_left() {
    let lab = subject!("09");
    if !cfg!(target_os = "linux") {
        return lab.skip("the defaults are those of Linux");
    }
    let mut client = lab.run(["options"]);
    let buffers = [client.line(), client.line()];
    let default = |name: &str| {
        let text = fs::read_to_string(format!("/proc/sys/net/ipv4/{name}")).unwrap_or_default();
        text.split_whitespace().nth(1).unwrap_or_default().to_owned()
    };
    let wanted = [
        format!("SO_SNDBUF got {}", default("tcp_wmem")),
        format!("SO_RCVBUF got {}", default("tcp_rmem")),
    ];
    let leave = (
        "leave-what-is-not-asked",
        "In `apply`, call setsockopt(2) for an option only if it was given. In `report`, print `asked` only then.",
    );
    client.check(
        buffers == wanted,
        &format!("The lines of the buffers are {buffers:?}."),
        leave.0,
        leave.1,
    );
    client
        .says(leave.0, leave.1)
        .expect_line("TCP_NODELAY got off")
        .expect_line("SO_KEEPALIVE got off");
}

/// The timer of the server's socket (proc_net_tcp(5)): `02` is keepalive.
fn timer(server: u16, peer: u16) -> Option<String> {
    let table = fs::read_to_string("/proc/net/tcp").ok()?;
    let row =
        table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).find(|row| {
            let has_port = |column: usize, port: u16| {
                row.get(column).is_some_and(|address| address.ends_with(&format!(":{port:04X}")))
            };
            has_port(1, server) && has_port(2, peer)
        })?;
    row.get(5)?.get(..2).map(str::to_owned)
}

#[test]
fn accepted_clients_have_the_options() {
    let server = subject!("09").serve(["--keepalive", "30"]);
    let mut peer = server.connect("peer");
    ask(&mut peer, "echo hello", "hello");
    // Until our kernel has acknowledged the answer, the timer is that of a resend.
    server.wait_until_idle();
    let mut found = None;
    testkit::poll_until(testkit::Deadline::usual(), || {
        found = timer(server.address().port(), peer.local_addr().port());
        found.as_deref().is_none_or(|timer| timer == "02")
    });
    let Some(found) = found else { return server.skip("no /proc/net/tcp to see timers in") };
    server.check(
        found == "02",
        &format!("The timer of the connection is {found}, and not 02 (keepalive)."),
        "set-options-of-each-client",
        "In `apply`, set SO_KEEPALIVE and TCP_KEEPIDLE on the socket that is given. Each client's socket is, after accept(2).",
    );
}

#[test]
fn a_unix_client_is_served() {
    let lab = subject!("09");
    let (_folder, path) = path(&lab);
    let mut server = lab.serve(["--listen", &unix(&path)]);
    server.expect_line(&format!("listening on {}", unix(&path)));
    let mut peer = server.connect_unix("peer", &path);
    peer.says(
        "bind-the-path",
        "In `unix::bind`, make a socket of `Domain::UNIX` and bind it to `SockAddr::unix(path)`. The loop is the same.",
    );
    ask(&mut peer, "echo hello", "hello");
    peer.send(b"bytes 1000\n").half_close().expect(&super::clients::letters(1000)).expect_end();
    if server.interrupt() {
        server.expect_stopped_at_once();
        lab.check(
            !path.exists(),
            "The path is still there after the server has stopped.",
            "remove-the-path",
            "The path of a listener is removed when the listener is dropped.",
        );
    }
}

#[test]
fn the_file_of_another_program_stays_at_the_end() {
    let lab = subject!("09");
    let (_folder, path) = path(&lab);
    let mut server = lab.serve(["--listen", &unix(&path)]);
    server.expect_line(&format!("listening on {}", unix(&path)));
    fs::remove_file(&path).expect("the folder is ours");
    fs::write(&path, "precious").expect("the folder is ours");
    if server.interrupt() {
        server.expect_stopped_at_once();
        let has_stayed = fs::read_to_string(&path).is_ok_and(|text| text == "precious");
        lab.check(
            has_stayed,
            "The server has removed a file that is not its socket.",
            "remove-your-own-file",
            "Compare the device and the inode number of the file at the path before you remove it.",
        );
    }
}

#[test]
fn a_path_is_for_its_owner() {
    let lab = subject!("09");
    let (_folder, path) = path(&lab);
    let mut server = lab.serve(["--listen", &unix(&path)]);
    server.expect_line(&format!("listening on {}", unix(&path)));
    let mode = fs::metadata(&path).map_or(0, |metadata| metadata.permissions().mode() & 0o777);
    lab.check(
        mode == 0o600,
        &format!("The access rights of the path are {mode:o}."),
        "rights-of-the-path",
        "In `unix::bind`, set the rights to `MODE` after bind and before listen. The right to write is the right to connect.",
    );
}

#[test]
fn what_a_dead_server_left_is_replaced() {
    let lab = subject!("09");
    let (_folder, path) = path(&lab);
    let mut dead = lab.serve(["--listen", &unix(&path)]);
    dead.expect_line(&format!("listening on {}", unix(&path))).kill();
    lab.check(
        path.exists(),
        "A killed server leaves its path.",
        "kill",
        "The kernel keeps the file.",
    );
    lab.says(STALE.0, STALE.1);
    let mut server = lab.serve(["--listen", &unix(&path)]);
    server.says(STALE.0, STALE.1).expect_line(&format!("listening on {}", unix(&path)));
    ask(&mut server.connect_unix("peer", &path), "echo hello", "hello");
}

#[test]
fn a_living_server_keeps_its_path() {
    let lab = subject!("09");
    let (_folder, path) = path(&lab);
    let mut first = lab.serve(["--listen", &unix(&path)]);
    first.expect_line(&format!("listening on {}", unix(&path)));
    let error = format!(
        "cannot listen on {}: address already in use (is another server running?)",
        unix(&path)
    );
    let ask_first = (
        "ask-before-you-remove",
        "In `remove_stale`, try to connect. Only `ConnectionRefused` means that no server listens any more.",
    );
    let mut second = lab.try_serve_as("serve", &unix(&path), []);
    second.says(ask_first.0, ask_first.1).expect_error(&[&error]);
    lab.says(ask_first.0, ask_first.1);
    ask(&mut first.connect_unix("peer", &path), "echo hello", "hello");
}

#[test]
fn a_living_server_with_a_full_queue_keeps_its_path() {
    let lab = subject!("09");
    if !cfg!(target_os = "linux") {
        return lab.skip("elsewhere than on Linux, a full queue refuses a connection");
    }
    let (_folder, path) = path(&lab);
    let address = SockAddr::unix(&path).expect("the path is short");
    let socket = || Socket::new(Domain::UNIX, Type::STREAM, None).expect("sockets are left");
    let living = socket();
    living.bind(&address).and_then(|()| living.listen(0)).expect("the folder is ours");
    let waiting = || {
        let client = socket();
        client.set_nonblocking(true).expect("every socket can be made non-blocking");
        client.connect(&address).is_ok().then_some(client)
    };
    let _queue: Vec<Socket> = std::iter::from_fn(waiting).take(100).collect();
    let error = format!(
        "cannot listen on {}: address already in use (is another server running?)",
        unix(&path)
    );
    let look = (
        "a-full-queue-is-a-living-server",
        "In `remove_stale`, connect by `connecting::start`, which does not wait. A full queue is `WouldBlock`, and only `ConnectionRefused` means that no server listens.",
    );
    lab.try_serve_as("serve", &unix(&path), []).says(look.0, look.1).expect_error(&[&error]);
    lab.check(path.exists(), "The path of a living server was removed.", look.0, look.1);
}

#[test]
fn a_file_that_is_no_socket_stays() {
    let lab = subject!("09");
    let (_folder, path) = path(&lab);
    fs::write(&path, "precious").expect("the folder is ours");
    let error = format!("cannot listen on {}: not a socket", unix(&path));
    let look = (
        "look-before-you-remove",
        "In `remove_stale`, look at the type of the file first (`is_socket`). Any other file stays.",
    );
    lab.try_serve_as("serve", &unix(&path), []).says(look.0, look.1).expect_error(&[&error]);
    let text = fs::read_to_string(&path).unwrap_or_default();
    lab.check(text == "precious", "The file was removed or changed.", look.0, look.1);
}
