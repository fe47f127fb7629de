//! `drive` and `replay` at a real terminal: that of tmux. Without tmux or Python, skipped.

#![cfg(unix)]

mod python;

use std::path::Path;
use std::process::{self, Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use python::{echo_server_in, has_ended, has_python, root, tls_server};
use tempfile::TempDir;

/// When a test gives up. A test that passes does not wait for it.
const PATIENCE: Duration = Duration::from_secs(120);

/// A terminal with a shell in it.
struct Terminal {
    server: String,
    folder: TempDir,
}

impl Terminal {
    /// `None`: this machine has no tmux, or no Python.
    fn new(name: &str) -> Option<Terminal> {
        let folder = tempfile::tempdir().expect("a folder");
        Terminal::with_server(name, &echo_server_in(folder.path()), folder)
    }

    /// One that drives the server `subject`, whose files are in `folder`.
    fn with_server(name: &str, subject: &str, folder: TempDir) -> Option<Terminal> {
        let terminal = Terminal { server: format!("wirelab-{name}-{}", process::id()), folder };
        let has_tmux = Command::new("tmux").arg("-V").output().is_ok();
        if !has_tmux || !has_python() {
            eprintln!("skipped: there is no tmux");
            return None;
        }
        terminal.tmux(&["new-session", "-d", "-x", "100", "-y", "40", "sh"]);
        terminal.type_line("PS1='$ '; export LC_ALL=C.UTF-8 LAB_DEADLINE_SCALE=10");
        terminal.type_line(&format!("cd '{}'; LAB_SUBJECT=\"{subject}\"", root().display()));
        terminal.type_line("export LAB_SUBJECT; stty -g; clear; echo ready");
        terminal.wait_for("\nready");
        Some(terminal)
    }

    fn tmux(&self, words: &[&str]) -> Output {
        let mut command = Command::new("tmux");
        command.args(["-f", "/dev/null", "-L", &self.server]).args(words);
        command.output().expect("tmux starts")
    }

    fn key(&self, key: &str) {
        self.tmux(&["send-keys", key]);
    }

    fn type_line(&self, line: &str) {
        self.tmux(&["send-keys", "-l", line]);
        self.key("Enter");
    }

    /// What the terminal shows.
    fn page(&self) -> String {
        let output = self.tmux(&["capture-pane", "-p"]);
        format!("\n{}", String::from_utf8_lossy(&output.stdout))
    }

    fn wait_for(&self, text: &str) -> String {
        let begun = Instant::now();
        loop {
            let page = self.page();
            if page.contains(text) {
                return page;
            }
            assert!(begun.elapsed() < PATIENCE, "no {text:?} in{page}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The modes of the terminal, as the shell sees them.
    fn modes(&self) -> String {
        self.type_line("clear; stty -g; echo modes end");
        let page = self.wait_for("\nmodes end");
        page.lines().find(|line| line.contains(':')).unwrap_or_default().to_owned()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

/// The program `name` of this package, as a shell takes it.
fn program(name: &str) -> String {
    let drive = Path::new(env!("CARGO_BIN_EXE_drive"));
    format!("'{}'", drive.with_file_name(name).display())
}

#[test]
fn a_key_is_a_message_and_the_terminal_is_restored() {
    let Some(terminal) = Terminal::new("keys") else { return };
    let before = terminal.modes();
    terminal
        .type_line(&format!("clear; {} 01 a_text_comes_back; echo status $?", program("replay")));
    terminal.wait_for("▸ connect peer  (any key");
    terminal.key("Space");
    terminal.wait_for("▸ peer: send \"hello, world\\n\"  (any key");
    terminal.key("Up");
    terminal.wait_for("▸ peer: expect \"hello, world\\n\"  (any key");
    terminal.key("x");
    let page = terminal.wait_for("▸ peer: fin  (any key");
    assert!(page.contains("= as recorded: \"hello, world\\n\""), "{page}");
    terminal.key("q");
    terminal.wait_for("\nstatus 0");
    assert!(has_ended(terminal.folder.path()));
    assert_eq!(terminal.modes(), before);
}

#[test]
fn in_tls_the_handshake_and_its_end_are_keys() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = tls_server(folder.path(), "same");
    let Some(terminal) = Terminal::with_server("tls", &server, folder) else { return };
    let words = "05 the_server_says_goodbye; echo status $?";
    terminal.type_line(&format!("clear; {} {words}", program("replay")));
    for line in ["connect peer", "peer: start TLS", "peer: send \"hello\\n\""] {
        terminal.wait_for(&format!("▸ {line}  (any key"));
        terminal.key("Space");
    }
    terminal.wait_for("▸ peer: expect \"Echo: hello\\n\"  (any key");
    terminal.key("a");
    let page = terminal.wait_for("\nstatus 0");
    assert!(page.contains("= as recorded: close_notify"), "{page}");
}

#[test]
fn ctrl_c_ends_a_replay_and_restores_the_terminal() {
    let Some(terminal) = Terminal::new("ctrl-c") else { return };
    let before = terminal.modes();
    terminal
        .type_line(&format!("clear; {} 01 a_text_comes_back; echo status $?", program("replay")));
    terminal.wait_for("▸ connect peer  (any key");
    terminal.key("C-c");
    terminal.wait_for("\nstatus 130");
    assert!(has_ended(terminal.folder.path()));
    assert_eq!(terminal.modes(), before);
}

#[test]
fn rows_replace_the_prompt_and_a_wrong_line_does_not_end_the_session() {
    let Some(terminal) = Terminal::new("drive") else { return };
    terminal.type_line(&format!("clear; {} 01; echo status $?", program("drive")));
    terminal.wait_for("\n>\n");
    terminal.type_line("shout");
    terminal.wait_for("there is no command `shout`");
    terminal.type_line("connect");
    terminal.wait_for("peer │ ── connect ──");
    terminal.type_line("send \"hello\\n\"");
    let page = terminal.wait_for("── \"hello\\n\" ── │");
    assert!(!page.contains("> peer") && !page.contains(">     peer"), "{page}");
    terminal.key("C-c");
    terminal.wait_for("\nstatus 130");
    assert!(has_ended(terminal.folder.path()));
}
