//! Subjects that are shell scripts, failures as text, stories told in a process of their own.

use report::env::{DEADLINE_SCALE, deadline_scale};
use socket2::SockRef;
use std::any::Any;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{self, Command, Stdio};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use testkit::{Process, Server, Subject};

/// The path of the test that stands here, as libtest writes it.
macro_rules! here {
    () => {{
        fn here() {}
        $crate::support::test_of(std::any::type_name_of_val(&here))
    }};
}

/// A subject that is a shell script, in the test that stands here.
macro_rules! shell {
    ($script:expr) => {
        $crate::support::script(&here!(), $script)
    };
}

/// Tells a story in a process of its own: `apart!().with("NAME", "value").tell(|| ...)`.
macro_rules! apart {
    () => {
        $crate::support::Apart::new(here!(), line!())
    };
}

pub(crate) use {apart, here, shell};

/// Makes the deadlines of a story short: 2 s become 0.2 s. It is reached only when the story
/// fails, as it should, so this is what the test takes.
pub const QUICK: (&str, &str) = ("LAB_DEADLINE_SCALE", "0.1");

/// Makes deadlines longer than a story may take: one that waits for them hangs.
pub const SLOW: (&str, &str) = ("LAB_DEADLINE_SCALE", "50");

/// Longer than any deadline: what sleeps for this long never does anything by itself.
pub const FOR_EVER: &str = "exec sleep 1000";

/// The first line of a server that is none.
pub const LISTENS: &str = "echo listening on 127.0.0.1:1";

/// Names the story that a process of its own was started for.
const STORY: &str = "KIT_STORY";

/// When a story hangs. A story that does not is over long before, on a busy machine, too.
const PATIENCE: Duration = Duration::from_secs(30);

pub fn test_of(here: &str) -> String {
    let path = here.strip_suffix("::here").unwrap_or(here).replace("::{{closure}}", "");
    path.split_once("::").map_or(path.clone(), |(_, test)| test.to_owned())
}

/// A shell script as the subject; what the kit would tell the lab's program, it finds in `$@`.
pub fn script(test: &str, script: &str) -> Subject {
    let words = ["sh", "-c", script, "sh"].map(str::to_owned);
    Subject::command("42", test, &words)
}

/// A server that this process plays for its first client, behind a subject that only says where
/// it listens.
pub struct Played<T> {
    pub server: Server,
    pub player: JoinHandle<T>,
}

pub fn play<T: Send + 'static>(
    test: &str,
    part: impl FnOnce(TcpStream) -> T + Send + 'static,
) -> Played<T> {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    let player = thread::spawn(move || part(listener.accept().expect("a client connects").0));
    let server = script(test, &format!("echo listening on {address}; {FOR_EVER}")).serve([]);
    Played { server, player }
}

/// A server that this process plays, in the test that stands here.
macro_rules! played {
    ($play:expr) => {
        $crate::support::play(&here!(), $play)
    };
}

pub(crate) use played;

/// Reads until the client has finished, or is gone.
pub fn read_all(mut stream: &TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    all
}

/// An orderly end.
pub fn fin(stream: &TcpStream) {
    stream.shutdown(Shutdown::Write).expect("connected");
}

/// A reset, as soon as `stream` is closed.
pub fn rst(stream: &TcpStream) {
    SockRef::from(stream).set_linger(Some(Duration::ZERO)).expect("TCP can linger");
    // So that a read before the close returns nothing and does not wait.
    let _ = stream.shutdown(Shutdown::Read);
}

/// How the kit tells that `story` fails.
pub fn failure(story: impl FnOnce()) -> String {
    let failed = catch_unwind(AssertUnwindSafe(story)).expect_err("the story should fail");
    text_of(failed)
}

fn text_of(failed: Box<dyn Any + Send>) -> String {
    *failed.downcast::<String>().expect("the kit unwinds with its text")
}

/// Fails unless all `parts` stand in `text`, in this order.
#[track_caller]
pub fn assert_says(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else {
            panic!("{part:?} is missing, or too early, in:\n{text}");
        };
        rest = after;
    }
}

/// Whether there is such a process. A zombie counts too.
pub fn exists(pid: u32) -> bool {
    let mut kill = Command::new("kill");
    let status = kill.args(["-0", &pid.to_string()]).stderr(Stdio::null()).status();
    status.expect("every Unix has kill").success()
}

/// Whether it runs. Of an orphan, init may take its time to take notice.
pub fn lives(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let is_dead = stat.rsplit_once(") ").is_some_and(|(_, state)| state.starts_with(['Z', 'X']));
    !is_dead && exists(pid)
}

/// The process id that `process` prints as its next line.
pub fn printed_pid(process: &mut Process) -> u32 {
    process.line().trim().parse().expect("the script prints a process id")
}

/// A story that is told in a process of its own.
pub struct Apart {
    test: String,
    story: String,
    command: Command,
}

/// What came of it.
pub struct Told {
    pub text: String,
    pub succeeded: bool,
    pub took: Duration,
}

impl Apart {
    pub fn new(test: String, line: u32) -> Apart {
        let mut command = Command::new(env::current_exe().expect("we are running"));
        command.args(["--exact", &test, "--test-threads=1"]);
        let steers = |name: &OsString| ["LAB_", "LC_"].iter().any(|start| starts_with(name, start));
        for (name, _) in env::vars_os().filter(|(name, _)| steers(name)) {
            command.env_remove(name);
        }
        // As a student has it: UTF-8, no backtraces.
        command.env_remove("NO_COLOR").env("LANG", "C.UTF-8").env("RUST_BACKTRACE", "0");
        Apart { story: format!("{test}:{line}"), test, command }.with(DEADLINE_SCALE, "1")
    }

    /// Sets a variable. A scale of deadlines is multiplied by ours, because this machine may be slow.
    pub fn with(self, name: &str, value: &str) -> Apart {
        let scale = value.parse::<f64>().ok().filter(|_| name == DEADLINE_SCALE);
        let scaled = scale.map(|scale| (scale * deadline_scale()).clamp(0.01, 1000.0).to_string());
        self.with_exactly(name, scaled.as_deref().unwrap_or(value))
    }

    pub fn with_exactly(mut self, name: &str, value: &str) -> Apart {
        self.command.env(name, value);
        self
    }

    /// Runs it in a shell that first runs `setup`, which sets limits for instance.
    pub fn after(mut self, setup: &str) -> Apart {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("{setup} && exec \"$@\""), "sh"]);
        shell.arg(self.command.get_program()).args(self.command.get_args());
        copy_environment(&self.command, &mut shell);
        self.command = shell;
        self
    }

    /// Runs it with a terminal for its output. `None` where the tool for that is missing.
    pub fn on_a_terminal(mut self) -> Option<Apart> {
        Command::new("script").arg("--version").stdout(Stdio::null()).status().ok()?;
        let words = [self.command.get_program()].into_iter().chain(self.command.get_args());
        let line = words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
        let mut script = Command::new("script");
        // It runs the line in the user's shell.
        script.args(["-qec", &format!("{line} --nocapture"), "/dev/null"]).env("SHELL", "/bin/sh");
        script.stdin(Stdio::null());
        copy_environment(&self.command, &mut script);
        self.command = script;
        Some(self)
    }

    /// Tells `story`, showing everything that it prints.
    #[track_caller]
    pub fn tell(mut self, story: impl FnOnce()) -> Told {
        if self.command.get_program() != "script" {
            self.command.arg("--nocapture");
        }
        self.tell_captured(story)
    }

    /// Tells `story`; what it prints is shown if it fails, as `cargo test` does.
    #[track_caller]
    pub fn tell_captured(mut self, story: impl FnOnce()) -> Told {
        if env::var(STORY).is_ok_and(|story| story == self.story) {
            story();
            process::exit(0);
        }
        let began = Instant::now();
        self.command.env(STORY, &self.story).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = self.command.spawn().expect("we are running, so we can be run");
        let pid = child.id();
        let (sender, receiver) = mpsc::channel();
        let waiter = thread::spawn(move || sender.send(child.wait_with_output()));
        let Ok(output) = receiver.recv_timeout(PATIENCE.mul_f64(deadline_scale().max(1.0))) else {
            process_tree::kill_test_process(pid);
            panic!("{} hangs", self.test);
        };
        waiter.join().expect("waiting does not panic").expect("we receive");
        let output = output.expect("we can wait for our child");
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        Told { text, succeeded: output.status.success(), took: began.elapsed() }
    }
}

/// Whether this process tells a story.
#[cfg(target_os = "linux")]
pub fn is_in_a_story() -> bool {
    env::var_os(STORY).is_some()
}

fn copy_environment(from: &Command, to: &mut Command) {
    for (name, value) in from.get_envs() {
        match value {
            Some(value) => to.env(name, value),
            None => to.env_remove(name),
        };
    }
}

fn starts_with(name: &OsString, start: &str) -> bool {
    name.to_string_lossy().starts_with(start)
}

impl Told {
    /// Fails unless the story failed, and said all `parts` in this order.
    #[track_caller]
    pub fn fails_with(&self, parts: &[&str]) {
        assert!(!self.succeeded, "the story should fail:\n{}", self.text);
        assert_says(&self.text, parts);
    }

    #[track_caller]
    pub fn succeeds_with(&self, parts: &[&str]) {
        assert!(self.succeeded, "the story should succeed:\n{}", self.text);
        assert_says(&self.text, parts);
    }
}
