//! A terminal (tmux) with a shell that runs `watch` in the folder of a small lab.

#![allow(dead_code, reason = "no test program uses all of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use process_tree::poll::poll_for;
use process_tree::proc_fs::numbers_in;

use crate::small_lab::Lab;

/// How long anything may take on a slow machine.
const LIMIT: Duration = Duration::from_secs(60);

/// What the shell runs. `before`, `after` and `status` are files in the folder of the lab.
const SCRIPT: &str = "stty -g >before; \"$WATCH\" 01; echo $? >status; stty -g >after; echo ended";

/// A tmux server of its own with one session. Its end ends the session.
pub struct Terminal<'lab> {
    /// Its socket, in the folder of the lab.
    server: PathBuf,
    lab: &'lab Lab,
}

impl<'lab> Terminal<'lab> {
    /// Starts `watch` in a terminal of this size, with more `variables`. `None` without tmux.
    pub fn start(lab: &'lab Lab, size: (u16, u16), variables: &[(&str, &str)]) -> Option<Self> {
        if Command::new("tmux").arg("-V").output().is_err() {
            println!("skipped: this machine has no tmux");
            return None;
        }
        let terminal = Terminal { server: lab.path("tmux"), lab };
        let (columns, rows) = (size.0.to_string(), size.1.to_string());
        let folder = terminal.folder();
        let folder = folder.to_str().expect("it has no unusual name");
        let session = ["new-session", "-d", "-x", &columns, "-y", &rows, "-c", folder];
        let usual = [("WATCH", env!("CARGO_BIN_EXE_watch")), ("LC_ALL", "C.UTF-8")];
        let variables = usual
            .iter()
            .chain(variables)
            .flat_map(|(name, value)| ["-e".into(), format!("{name}={value}")]);
        let mut words: Vec<String> = session.map(str::to_owned).into();
        words.extend(variables);
        // Three words, because tmux would give one word to the user's own shell. This shell stays, so
        // that the terminal can be asked after the end.
        words.extend(["sh".to_owned(), "-c".to_owned(), format!("{SCRIPT}; exec cat")]);
        terminal.tmux(&words);
        Some(terminal)
    }

    fn tmux<W: AsRef<str>>(&self, words: &[W]) -> String {
        let words = words.iter().map(AsRef::as_ref);
        let output = self.try_tmux(words);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn try_tmux<'word>(&self, words: impl Iterator<Item = &'word str>) -> Output {
        let mut tmux = Command::new("tmux");
        tmux.arg("-S").arg(&self.server).args(["-f", "/dev/null"]).args(words);
        self.lab.ignore_user_settings(&mut tmux);
        tmux.env_remove("NO_COLOR").env_remove("TMUX");
        tmux.output().expect("tmux starts")
    }

    /// What the terminal shows.
    pub fn screen(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    /// Waits until the terminal shows `text`.
    pub fn wait_for(&self, text: &str) {
        let is_shown = poll_for(LIMIT, || self.screen().contains(text));
        assert!(is_shown, "`{text}` is not on the screen:\n{}", self.screen());
    }

    /// Waits until the terminal shows a run that has taken `seconds` or more. A busy machine may have no
    /// time for a look while it shows just that number.
    pub fn wait_for_run_of(&self, seconds: u32) {
        let has_taken = |screen: &str| {
            let time = screen.split("running, ").nth(1)?.split_once(" s")?.0.parse::<u32>().ok()?;
            Some(time >= seconds)
        };
        let is_shown = poll_for(LIMIT, || has_taken(&self.screen()) == Some(true));
        assert!(is_shown, "no run of {seconds} s is on the screen:\n{}", self.screen());
    }

    /// Presses a key, by tmux's name of it.
    pub fn press(&self, key: &str) {
        self.tmux(&["send-keys", key]);
    }

    /// Gives the terminal another size.
    pub fn resize(&self, columns: u16, rows: u16) {
        let (columns, rows) = (columns.to_string(), rows.to_string());
        self.tmux(&["resize-window", "-x", &columns, "-y", &rows]);
    }

    /// The process id of `watch`, the only child of the shell.
    pub fn pid(&self) -> u32 {
        let shell = self.shell();
        let mut pid = None;
        assert!(poll_for(LIMIT, || {
            let family = process_tree::descendants::with_descendants(shell);
            pid = family.get(1).copied();
            pid.is_some()
        }));
        pid.expect("it was found")
    }

    fn shell(&self) -> u32 {
        let pid = self.tmux(&["display-message", "-p", "#{pane_pid}"]);
        pid.trim().parse().expect("tmux prints a number")
    }

    /// Waits for the end of `watch`. It must leave the terminal as it was, and no process. Returns its
    /// exit status.
    pub fn assert_ended_well(&self) -> i32 {
        let read = |name: &str| fs::read_to_string(self.folder().join(name)).unwrap_or_default();
        let has_ended = || !read("after").trim().is_empty();
        assert!(poll_for(LIMIT, has_ended), "watch does not end:\n{}", self.screen());
        assert_eq!(read("before"), read("after"), "the terminal has other settings");
        let flags = self.tmux(&["display-message", "-p", "#{alternate_on} #{cursor_flag}"]);
        assert_eq!(flags.trim(), "0 1", "no alternate screen, and a visible cursor");
        let left = || processes_in(&self.folder(), self.shell());
        assert!(poll_for(Duration::from_secs(5), || left().is_empty()), "left: {:?}", left());
        read("status").trim().parse().expect("the shell writes a number")
    }

    /// Closes the terminal. No process may stay.
    pub fn close(self) {
        let shell = self.shell();
        self.tmux(&["kill-server"]);
        let left = || processes_in(&self.folder(), shell);
        assert!(poll_for(LIMIT, || left().is_empty()), "left: {:?}", left());
    }

    fn folder(&self) -> PathBuf {
        self.lab.path("").canonicalize().expect("it exists")
    }
}

impl Drop for Terminal<'_> {
    fn drop(&mut self) {
        // An error means that the server has ended.
        let _ = self.try_tmux(["kill-server"].into_iter());
    }
}

/// The command lines of all processes that work in `folder` or come from it, except `shell`.
fn processes_in(folder: &Path, shell: u32) -> Vec<String> {
    let is_in = |pid: u32, link: &str| {
        fs::read_link(format!("/proc/{pid}/{link}")).is_ok_and(|path| path.starts_with(folder))
    };
    let pids = numbers_in(Path::new("/proc")).into_iter().filter(|pid| *pid != shell);
    let pids = pids.filter(|pid| is_in(*pid, "cwd") || is_in(*pid, "exe"));
    pids.filter_map(|pid| fs::read_to_string(format!("/proc/{pid}/cmdline")).ok()).collect()
}
