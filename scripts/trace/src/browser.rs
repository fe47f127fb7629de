//! Opening a file with the browser.

use std::env;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// Starts `BROWSER` if it is set, or else the program that the system has for it. Does not wait for
/// its end.
pub fn open(file: &Path) -> io::Result<()> {
    let mut command = opener();
    command.arg(file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map(drop)
}

fn opener() -> Command {
    if let Some(browser) = env::var_os("BROWSER").filter(|browser| !browser.is_empty()) {
        return Command::new(browser);
    }
    if cfg!(windows) {
        let mut command = Command::new("cmd");
        // `start` takes its first argument in quotes for a title.
        command.args(["/C", "start", ""]);
        return command;
    }
    Command::new(if cfg!(target_os = "macos") { "open" } else { "xdg-open" })
}
