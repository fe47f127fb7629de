//! One run of the program under test.

use super::deadline::{Deadline, poll_until};
use super::drain::Drain;
use super::failure::Kind;
use super::kernel::{self, Socket, TcpState};
use super::ladder::Way;
use super::peer::Peer;
use super::processes;
use super::resources::{Look, Resources};
use super::session::{Complaint, Session};
use super::text;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::ops::{Deref, DerefMut};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// How many lines of stderr a failure shows.
const LAST_WORDS: usize = 6;

/// A child process with its output drained; what a failing test looks at.
#[derive(Debug)]
pub(super) struct Running {
    noun: &'static str,
    pid: u32,
    child: Mutex<Child>,
    stdout: Drain,
    stderr: Drain,
    asked_to_end: Mutex<bool>,
}

/// A panic, as Rust's standard hook reports it on stderr.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Panic {
    place: String,
    message: String,
}

impl Running {
    pub fn noun(&self) -> &'static str {
        self.noun
    }

    pub fn has_ended(&self) -> bool {
        self.try_status().is_some()
    }

    /// Whether it ended, and its last words on stderr have arrived here.
    pub fn has_said_all(&self) -> bool {
        self.has_ended() && self.stderr.has_ended()
    }

    /// A server runs until it is told to stop; a client may end when it has nothing left to do.
    pub fn ended_unasked(&self) -> bool {
        let asked = *self.asked_to_end.lock().expect("no panic under the lock");
        self.noun == "server" && !asked && self.has_ended()
    }

    /// Waits until all its threads sleep. `false`: it ended, or it never did.
    pub fn wait_until_idle(&self) -> bool {
        let mut before = Look::default();
        poll_until(Deadline::usual(), || match Look::at(self.pid) {
            Some(now) => {
                let idle = now == before && now.sleeps();
                before = now;
                idle || self.has_ended()
            }
            // Threads cannot be seen here: give them a moment.
            None => {
                thread::park_timeout(Duration::from_millis(50));
                true
            }
        }) && !self.has_ended()
    }

    pub fn status_words(&self) -> String {
        self.try_status().map_or("still running".to_owned(), |status| status.to_string())
    }

    /// All panics so far, one for each thread at most.
    pub fn panics(&self) -> Vec<Panic> {
        Panic::find_all(&String::from_utf8_lossy(&self.stderr.text()))
    }

    /// The end of stderr, which often says it all.
    pub fn last_words(&self) -> Vec<String> {
        let stderr = String::from_utf8_lossy(&self.stderr.text()).into_owned();
        if let Some((step, _)) = self.panics().first().and_then(Panic::unwritten) {
            let noun = self.noun;
            return vec![format!(
                "(Then the {noun} came to step {step}, which is not written yet.)"
            )];
        }
        let says_something =
            |line: &&str| !line.trim().is_empty() && !line.starts_with("note: run with");
        let lines: Vec<&str> = stderr.lines().filter(says_something).collect();
        let ended = match self.try_status() {
            Some(status) => format!(" ({status})"),
            None => String::new(),
        };
        let shown = lines.len().saturating_sub(LAST_WORDS);
        if lines.is_empty() {
            return Vec::new();
        }
        let heading = format!("The {}'s last words on stderr{ended}:", self.noun);
        let cut = |line: &&str| format!("    {}", line.chars().take(95).collect::<String>());
        [heading].into_iter().chain(lines[shown..].iter().map(cut)).collect()
    }

    fn try_status(&self) -> Option<ExitStatus> {
        self.child.lock().expect("no panic under the lock").try_wait().ok().flatten()
    }

    fn ask_to_end(&self) {
        *self.asked_to_end.lock().expect("no panic under the lock") = true;
    }
}

impl Panic {
    fn find_all(stderr: &str) -> Vec<Panic> {
        stderr.split(" panicked at ").skip(1).filter_map(Panic::parse).collect()
    }

    /// `FILE:LINE:COLUMN:`, the message from the next line on, and what came after it.
    fn parse(report: &str) -> Option<Panic> {
        let (place, rest) = report.split_once('\n')?;
        // Nobody needs the column.
        let place = place.trim_end_matches(':').rsplit_once(':').map_or(place, |(place, _)| place);
        let ends = ["\nnote: run with", "\nthread '", "\n\nthread '"];
        let end = ends.iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
        Some(Panic { place: place.to_owned(), message: rest[..end].trim().to_owned() })
    }

    /// The step and the function of a `todo!("labNN, step STEP: FUNCTION")`.
    pub fn unwritten(&self) -> Option<(&str, &str)> {
        // Only the first panic has a note behind it; others may have the log's next line.
        let text = self.message.lines().next()?.strip_prefix("not yet implemented: ")?;
        text.split_once(", step ")?.1.split_once(": ")
    }

    pub fn kind(&self) -> Kind {
        if self.unwritten().is_some() { Kind::Unwritten } else { Kind::Panicked }
    }

    pub fn sentence(&self, noun: &str) -> String {
        match self.unwritten() {
            Some((step, what)) => {
                format!("step {step} is not written yet: {what}, in {}", self.place)
            }
            None => format!("The {noun} panicked at {}: {}", self.place, self.message),
        }
    }
}

/// How a process ended, and all that it printed.
#[derive(Debug)]
pub struct Exit {
    /// The exit status; `None` when a signal ended it.
    pub code: Option<i32>,
    /// All of its stdout.
    pub stdout: Vec<u8>,
    /// All of its stderr.
    pub stderr: String,
}

/// A program that was started. It is killed, with its children, when this is dropped.
#[derive(Debug)]
pub struct Process {
    session: Arc<Session>,
    running: Arc<Running>,
    /// The thread that types on its stdin: a program that does not read must not stop us.
    typist: Option<Sender<Vec<u8>>>,
    /// How much of stdout was expected already.
    consumed: usize,
    think: Option<String>,
}

impl Process {
    pub(super) fn start(
        session: &Arc<Session>,
        noun: &'static str,
        mut command: Command,
    ) -> Process {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().unwrap_or_else(|error| {
            let program = command.get_program().to_string_lossy().into_owned();
            let sentence = format!("The program {program} cannot be started: {error}.");
            let mark = "cannot be started".to_owned();
            session.fail(Complaint { peer: "", sentence, mark, think: None })
        });
        let typist = child.stdin.take().map(start_typist);
        let stdout = Drain::of(child.stdout.take().expect("it is piped"));
        let stderr = Drain::of_log(child.stderr.take().expect("it is piped"));
        let (pid, child, asked_to_end) = (child.id(), Mutex::new(child), Mutex::new(false));
        let running = Arc::new(Running { noun, pid, child, stdout, stderr, asked_to_end });
        session.watch(Arc::clone(&running));
        Process { session: Arc::clone(session), running, typist, consumed: 0, think: None }
    }

    /// What to think about should the next expectations fail.
    pub fn says(&mut self, think: &str) -> &mut Self {
        self.think = Some(think.to_owned());
        self
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.running.pid
    }

    /// What it uses now; `None` where that cannot be seen (it can on Linux).
    pub fn resources(&self) -> Option<Resources> {
        let resources = Resources::of(self.pid());
        if resources.is_none() && self.running.has_ended() {
            let sentence = format!("The {} is not running any more.", self.running.noun);
            self.fail(sentence, "wanted it to run".to_owned());
        }
        resources
    }

    /// Waits until it has done all that it can do with what it was given: all its threads sleep.
    pub fn wait_until_idle(&self) -> bool {
        self.running.wait_until_idle()
    }

    /// Types `text` on its stdin; does not wait until it is read.
    pub fn types(&mut self, text: &[u8]) -> &mut Self {
        self.session.note("", Way::Aside, format!("stdin: {}", text::show(text)));
        if let Some(typist) = &self.typist {
            // A program that has ended reads nothing; the next expectation will say so.
            let _ = typist.send(text.to_owned());
        }
        self
    }

    /// Closes its stdin: Ctrl-D.
    pub fn ends_input(&mut self) -> &mut Self {
        self.session.note("", Way::Aside, "stdin: end");
        self.typist = None;
        self
    }

    /// Expects `line` as the next line on stdout.
    pub fn expect_line(&mut self, line: &str) -> &mut Self {
        self.expect_output(format!("{line}\n").as_bytes())
    }

    /// Expects exactly `wanted` as the next bytes on stdout.
    pub fn expect_output(&mut self, wanted: &[u8]) -> &mut Self {
        let from = self.consumed;
        let differs =
            |printed: &[u8]| !wanted.starts_with(&printed[..printed.len().min(wanted.len())]);
        let verdict = self.running.stdout.wait_for(|all| {
            let printed = &all[from..];
            (printed.starts_with(wanted) || differs(printed)).then(|| !differs(printed))
        });
        if verdict == Some(true) {
            self.consumed += wanted.len();
            self.session.note("", Way::Aside, format!("stdout: {}", text::show(wanted)));
            return self;
        }
        let all = self.running.stdout.text();
        let noun = self.running.noun;
        let shown = text::show(&all[from..]);
        let sentence = match (verdict, all.len() == from) {
            (None, true) => format!(
                "The {noun} printed nothing where {} was due on stdout.",
                text::show(wanted)
            ),
            _ => format!(
                "The {noun} printed {shown} on stdout where {} was due.",
                text::show(wanted)
            ),
        };
        self.fail(sentence, format!("wanted on stdout: {}", text::show(wanted)))
    }

    /// Waits until it has written `words` to stderr.
    pub fn expect_log(&mut self, words: &str) -> &mut Self {
        let has = |all: &[u8]| String::from_utf8_lossy(all).contains(words).then_some(());
        if self.running.stderr.wait_for(has).is_none() {
            let noun = self.running.noun;
            self.fail(
                format!("The {noun} did not write {words:?} to stderr."),
                format!("wanted in the log: {words:?}"),
            );
        }
        self
    }

    /// All that it has written to stderr so far.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.running.stderr.text()).into_owned()
    }

    /// Expects it to end by itself with status `code`.
    pub fn expect_exit(&mut self, code: i32) -> Exit {
        let noun = self.running.noun;
        let exit = self.wait_for_exit(code);
        if exit.code != Some(code) {
            let status = self.running.status_words();
            self.fail(
                format!("The {noun} ended with {status} where exit status {code} was due."),
                format!("wanted exit status {code}"),
            );
        }
        exit
    }

    /// Expects the conventional failure: exit status 1, and on stderr one line that begins with
    /// `error: ` and holds all of `words`.
    pub fn expect_error(&mut self, words: &[&str]) -> Exit {
        let exit = self.expect_exit(1);
        let errors: Vec<&str> =
            exit.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
        let noun = self.running.noun;
        let [line] = errors[..] else {
            let sentence = format!(
                "The {noun} failed with {} beginning with `error: ` on stderr where one was due.",
                text::count_of(errors.len(), "line")
            );
            self.fail(sentence, "wanted one line: error: WHAT: WHY".to_owned())
        };
        if let Some(missing) = words.iter().find(|word| !line.contains(**word)) {
            let sentence = format!("The {noun}'s error does not say {missing:?}; it says: {line}");
            self.fail(sentence, format!("wanted in the error: {missing:?}"));
        }
        exit
    }

    /// Sends it Ctrl-C (SIGINT). `false`, and nothing done, where there are no signals.
    pub fn interrupt(&mut self) -> bool {
        self.session.note("", Way::Aside, "Ctrl-C (SIGINT)");
        self.running.ask_to_end();
        processes::interrupt(self.pid())
    }

    /// Sends it SIGTERM. `false`, and nothing done, where there are no signals.
    pub fn terminate(&mut self) -> bool {
        self.session.note("", Way::Aside, "SIGTERM");
        self.running.ask_to_end();
        processes::terminate(self.pid())
    }

    /// Stops it where it stands (SIGSTOP): the kernel goes on in its name. `false`, and nothing
    /// done, where there are no signals.
    pub fn freeze(&mut self) -> bool {
        self.session.note("", Way::Aside, "frozen (SIGSTOP)");
        processes::pause(self.pid(), true)
    }

    /// Lets it go on (SIGCONT).
    pub fn thaw(&mut self) -> bool {
        self.session.note("", Way::Aside, "goes on (SIGCONT)");
        processes::pause(self.pid(), false)
    }

    /// Kills it with its children (SIGKILL).
    pub fn kill(&mut self) -> &mut Self {
        self.running.ask_to_end();
        processes::kill_tree(self.pid());
        self
    }

    /// Says that this test cannot be run here, and why.
    pub fn skip(&self, reason: &str) {
        self.session.skip(reason);
    }

    /// Fails unless `holds`: for what a test has found out by itself.
    pub fn check(&self, holds: bool, sentence: &str, think: &str) {
        self.session.check(holds, sentence, think);
    }

    pub(super) fn session(&self) -> &Arc<Session> {
        &self.session
    }

    fn wait_for_exit(&mut self, wanted: i32) -> Exit {
        let running = Arc::clone(&self.running);
        let mut printed = 0;
        loop {
            if poll_until(Deadline::usual(), || running.has_ended()) {
                break;
            }
            let total = running.stdout.total() + running.stderr.total();
            if total == printed {
                let noun = running.noun;
                self.fail(
                    format!("The {noun} is still running where exit status {wanted} was due."),
                    format!("still running; wanted exit status {wanted}"),
                );
            }
            printed = total;
        }
        self.reap();
        Exit {
            code: self.running.try_status().and_then(|status| status.code()),
            stdout: self.running.stdout.text(),
            stderr: String::from_utf8_lossy(&self.running.stderr.text()).into_owned(),
        }
    }

    /// Kills what is left of it, and reads its output to the end.
    fn reap(&mut self) {
        self.typist = None;
        processes::kill_tree(self.pid());
        if let Err(error) = self.running.child.lock().expect("no panic under the lock").wait() {
            eprintln!("cannot wait for process {}: {error}", self.pid());
        }
        // A grandchild that escaped the kill could hold the pipes open: wait, but not for ever.
        let ended = || self.running.stdout.has_ended() && self.running.stderr.has_ended();
        if poll_until(Deadline::usual(), ended) {
            self.running.stdout.join();
            self.running.stderr.join();
        }
    }

    fn fail(&self, sentence: String, mark: String) -> ! {
        self.session.fail(Complaint { peer: "", sentence, mark, think: self.think.clone() })
    }
}

/// Types what it is sent until that ends, or nobody reads any more.
fn start_typist(mut stdin: ChildStdin) -> Sender<Vec<u8>> {
    let (sender, texts) = mpsc::channel::<Vec<u8>>();
    thread::spawn(move || {
        for text in texts {
            if stdin.write_all(&text).and_then(|()| stdin.flush()).is_err() {
                return;
            }
        }
    });
    sender
}

impl Drop for Process {
    /// No panic goes unseen: one that killed only a thread, or came while nobody looked, fails
    /// the test even if every answer was right.
    fn drop(&mut self) {
        self.running.ask_to_end();
        self.reap();
        // A step that is not written yet, met after all was said, is another test's business.
        let panicked = || self.running.panics().iter().any(|panic| panic.kind() == Kind::Panicked);
        if !thread::panicking() && panicked() {
            self.fail(
                "Every answer was right, but the program panicked.".to_owned(),
                "panic".to_owned(),
            );
        }
    }
}

/// A server that listens: a [`Process`] with an address.
#[derive(Debug)]
pub struct Server {
    process: Process,
    address: SocketAddr,
}

impl Server {
    /// Waits for the first line, `listening on ADDRESS`.
    pub(super) fn started(mut process: Process) -> Server {
        let line = process.running.stdout.wait_for(|all| {
            let end = all.iter().position(|byte| *byte == b'\n')?;
            Some(String::from_utf8_lossy(&all[..end]).into_owned())
        });
        let address = line.as_deref().and_then(|line| line.strip_prefix("listening on "));
        let Some(address) = address.and_then(|address| address.trim_end().parse().ok()) else {
            process.fail_to_listen(line)
        };
        process.consumed = line.map_or(0, |line| line.len() + 1);
        process.session.note("", Way::Aside, format!("listening on {address}"));
        Server { process, address }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What to think about should the next expectations fail.
    pub fn says(&mut self, think: &str) -> &mut Server {
        self.process.says(think);
        self
    }

    /// Waits until it has accepted everybody who connected.
    pub fn wait_until_accepted(&mut self) -> &mut Server {
        if !kernel::wait_until_accepted(self.address, Deadline::usual()) {
            let sentence = "The server did not accept a client who waits.".to_owned();
            self.fail(sentence, "wanted it to accept".to_owned());
        }
        self
    }

    /// How many clients may wait to be accepted; `None` where the kernel cannot be asked.
    pub fn backlog(&self) -> Option<usize> {
        kernel::backlog(self.address)
    }

    /// How many of its connections are in `state`; `None` where the kernel cannot be asked.
    pub fn connections(&self, state: TcpState) -> Option<usize> {
        let sockets = kernel::tcp_sockets()?;
        let is_its =
            |socket: &&Socket| socket.local.port() == self.address.port() && socket.state == state;
        Some(sockets.iter().filter(is_its).count())
    }

    /// A client that connects to it; `name` is its name in the ladder.
    pub fn connect(&self, name: &str) -> Peer {
        Peer::connect(&self.process, name, self.address)
    }

    /// A client with a small receive buffer: one that does not read holds up its server soon.
    pub fn connect_deaf(&self, name: &str) -> Peer {
        Peer::connect_deaf(&self.process, name, self.address)
    }

    /// The same with small segments as well, so that the program's own send buffer stays small: it
    /// is held up not after megabytes, but after some dozen kilobytes. Reading them takes longer.
    pub fn connect_stone_deaf(&self, name: &str) -> Peer {
        Peer::connect_stone_deaf(&self.process, name, self.address)
    }

    /// Expects the end that follows Ctrl-C or SIGTERM: `stopped`, exit status 0.
    pub fn expect_stopped(&mut self) -> Exit {
        let exit = self.expect_exit(0);
        self.expect_line("stopped");
        exit
    }
}

impl Process {
    fn fail_to_listen(&mut self, line: Option<String>) -> ! {
        let sentence = match line {
            Some(line) => format!(
                "The server's first line on stdout is {} where `listening on ADDRESS` was due.",
                text::show(line.as_bytes())
            ),
            None if poll_until(Deadline::usual(), || {
                self.running.has_ended() || !self.running.stdout.has_ended()
            }) && self.running.has_ended() =>
            {
                let status = self.running.status_words();
                format!("The server ended ({status}) before it said `listening on ADDRESS`.")
            }
            None => "The server did not say `listening on ADDRESS` on stdout.".to_owned(),
        };
        self.fail(sentence, "wanted: listening on ADDRESS".to_owned())
    }
}

impl Deref for Server {
    type Target = Process;

    fn deref(&self) -> &Process {
        &self.process
    }
}

impl DerefMut for Server {
    fn deref_mut(&mut self) -> &mut Process {
        &mut self.process
    }
}

/// Connection errors that tests care to tell apart.
pub(super) fn is_reset(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    matches!(error.kind(), ConnectionReset | ConnectionAborted | BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_found_on_stderr_with_its_place_and_message() {
        let stderr = "a log line\n\nthread 'main' (77) panicked at labs/01-echo/src/lib.rs:12:5:\n\
                      not yet implemented: lab01, step listen: bind\nnote: run with `RUST_BACKTRACE=1`\n";
        let [panic] = &Panic::find_all(stderr)[..] else { panic!("there is one") };
        assert_eq!(panic.kind(), Kind::Unwritten);
        assert_eq!(
            panic.sentence("server"),
            "step listen is not written yet: bind, in labs/01-echo/src/lib.rs:12"
        );
        let panics = Panic::find_all("thread 'main' panicked at a.rs:1:2:\noh\nno\n");
        assert_eq!(panics[0].sentence("client"), "The client panicked at a.rs:1: oh\nno");
        assert_eq!(Panic::find_all("all is well"), []);
    }

    #[test]
    fn of_several_panics_each_is_found() {
        let stderr = "thread 'a' panicked at a.rs:1:2:\nnot yet implemented: lab01, step echo: echo\n\
                      note: run with `RUST_BACKTRACE=1`\n\nthread 'b' panicked at b.rs:3:4:\nno\n\n\
                      thread 'c' panicked at c.rs:5:6:\nnot yet implemented: lab01, step serve: serve\n\
                      a log line\n";
        let panics = Panic::find_all(stderr);
        assert_eq!(panics.len(), 3);
        assert_eq!(panics[0].unwritten(), Some(("echo", "echo")));
        assert_eq!(panics[1].sentence("server"), "The server panicked at b.rs:3: no");
        assert_eq!(panics[2].unwritten(), Some(("serve", "serve")));
    }
}
