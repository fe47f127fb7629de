//! `LAB_SUBJECT`: another program than the one that cargo built with the suite.
//!
//! The variable may be left in the environment since yesterday. So a run of the tests says first and
//! last what it judges. The runner says that itself.

use report::env::{REPORT, SUBJECT};
use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;

/// Says that this run judges `command` and not the program `built`, now and when this process has
/// ended.
pub fn announce(command: &str, built: Option<&str>) {
    static AT_THE_END: OnceLock<Option<ChildStdin>> = OnceLock::new();
    AT_THE_END.get_or_init(|| {
        if env::var_os(REPORT).is_some() {
            return None;
        }
        let built = built.and_then(|path| Path::new(path).file_stem()?.to_str());
        let built = built.unwrap_or("the lab's program");
        let subject = format!("`{command}` and not {built}, because {SUBJECT} is set");
        // Not eprintln!: libtest hides what a passing test prints.
        let _ = io::stderr().write_all(format!("This run judges {subject}.\n").as_bytes());
        let last = format!("This run judged {subject}.\nTo judge {built}, unset {SUBJECT}.");
        say_at_the_end(&last)
    });
}

/// libtest prints its summary last, and runs nothing after that. So a shell waits until this process
/// has ended, which closes the returned pipe. `None` without a shell, and with cargo-nextest, which
/// takes a process that outlives a test for a leak.
fn say_at_the_end(text: &str) -> Option<ChildStdin> {
    if env::var_os("NEXTEST").is_some() {
        return None;
    }
    let mut shell = print_after_input(text);
    shell.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().ok()?.stdin
}

/// A shell that prints `text` on stderr when its stdin has ended.
#[cfg(not(windows))]
fn print_after_input(text: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", "cat; printf '%s\\n' \"$0\" >&2", text]);
    shell
}

/// The same. The text is a variable, because PowerShell would take an argument apart.
#[cfg(windows)]
fn print_after_input(text: &str) -> Command {
    let script =
        "[Console]::In.ReadToEnd() | Out-Null; [Console]::Error.WriteLine($env:LAST_WORDS)";
    let mut shell = Command::new("powershell");
    shell.args(["-NoProfile", "-NonInteractive", "-Command", script]).env("LAST_WORDS", text);
    shell
}

/// Where the user is: a relative `LAB_SUBJECT` begins there.
///
/// Cargo and the runner start the tests in the folder of their package, and stay where the user is.
/// `PWD` may be old, because only shells keep it up to date.
pub fn folder_of_user() -> Option<PathBuf> {
    let by_another_program = ["CARGO_MANIFEST_DIR", REPORT].map(env::var_os);
    if by_another_program.iter().all(Option::is_none) {
        return env::current_dir().ok();
    }
    folder_of_parent().or_else(|| env::var_os("PWD").map(PathBuf::from)).filter(|it| it.is_dir())
}

#[cfg(unix)]
fn folder_of_parent() -> Option<PathBuf> {
    let parent = std::os::unix::process::parent_id();
    std::fs::read_link(format!("/proc/{parent}/cwd")).ok()
}

#[cfg(not(unix))]
fn folder_of_parent() -> Option<PathBuf> {
    None
}
