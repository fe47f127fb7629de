//! Servers in Python that the tests drive.

#![allow(dead_code, reason = "no test program uses all of it")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The command of the server, for `LAB_SUBJECT`.
pub fn echo_server() -> String {
    format!("python3 -u '{}'", root().join("docs/examples/echo_server.py").display())
}

/// The command of the same server. On Unix, it writes its process id to `folder`.
pub fn echo_server_in(folder: &Path) -> String {
    if !cfg!(unix) {
        return echo_server();
    }
    let (script, pid) = (folder.join("server.sh"), folder.join("pid"));
    let text = format!("echo $$ >'{}'\nexec {} \"$@\"\n", pid.display(), echo_server());
    std::fs::write(&script, text).expect("written");
    format!("sh '{}'", script.display())
}

/// Whether the server that was started last in `folder` has ended. Its port cannot tell, because another
/// server may have it now.
pub fn has_ended(folder: &Path) -> bool {
    if !cfg!(unix) {
        return true;
    }
    let pid = std::fs::read_to_string(folder.join("pid")).expect("the server has started");
    let mut kill = Command::new("sh");
    let exists = kill.args(["-c", "kill -0 \"$0\" 2>/dev/null", pid.trim()]).status();
    !exists.expect("sh starts").success()
}

/// Whether this machine has Python. Without it, a test is skipped.
pub fn has_python() -> bool {
    let version = Command::new("python3").arg("--version").output();
    let has_it = version.is_ok_and(|output| output.status.success());
    if !has_it {
        eprintln!("skipped: there is no python3");
    }
    has_it
}

/// The command of a server of lab 05 whose script is in `folder`. If `argument` is a path, the server ends
/// without close_notify in its second life.
pub fn tls_server(folder: &Path, argument: &str) -> String {
    let script = folder.join("tls.py");
    std::fs::write(&script, TLS).expect("written");
    format!("python3 -u '{}' '{argument}'", script.display())
}

const TLS: &str = r#"
import os, socket, ssl, sys, threading
is_cut = os.path.exists(sys.argv[1])
if sys.argv[1] != "same":
    open(sys.argv[1], "w").close()
option = lambda name: sys.argv[sys.argv.index(name) + 1]
tokens = []
if "--token-env" in sys.argv:
    tokens = [token.strip() for token in os.environ[option("--token-env")].encode().split(b",")]
may_enter = [b"TOKEN %s\n" % token for token in tokens if token]
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(option("--certs") + "/server.pem", option("--certs") + "/server.key")
def serve(client):
    tls = context.wrap_socket(client, server_side=True)
    lines = tls.makefile("rb")
    is_welcome = not tokens or lines.readline() in may_enter
    if tokens:
        tls.sendall(b"OK\n" if is_welcome else b"ERROR not authorised\n")
    for line in lines:
        if is_welcome and line.endswith(b"\n"):
            tls.sendall(b"Echo: " + line)
    if not is_cut:
        tls.unwrap()
    lines.close()
    tls.close()
listener = socket.create_server(("127.0.0.1", 0))
print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"#;
