//! One run of the program under test.

mod alive;
mod ending;
mod listening;
mod panic;
mod running;
mod server;
mod typist;

pub use ending::Exit;
pub(super) use listening::Listening;
pub(super) use panic::Panic;
pub(super) use running::Running;
pub use server::Server;

use super::deadline::{Deadline, Patience, poll_until, their_clock_runs};
use super::family::{MARK, new_mark};
use super::ladder::Way;
use super::processes;
use super::resources::{Resources, is_stopped};
use super::session::{Complaint, Session};
use super::terminal::Terminal;
use super::text;
use common::net::reason;
use common::shutdown::GRACE;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use typist::Typist;

/// How often a program stutters, and how long each time.
const STUTTERS: usize = 40;
const STUTTER: Duration = Duration::from_micros(20);

/// A program that is to be started.
pub(super) struct Program {
    /// What it is in this test: a server, a client.
    pub noun: &'static str,
    pub command: Command,
    /// How its command line ends, whatever goes in front of it.
    pub tail: Vec<String>,
    pub listening: Listening,
    /// Where its stderr goes, if that is no pipe.
    pub terminal: Option<Terminal>,
}

/// A program that was started. It is killed, with its children, when this is dropped.
#[derive(Debug)]
pub struct Process {
    session: Arc<Session>,
    running: Arc<Running>,
    typist: Option<Typist>,
    /// How much of stdout was expected already.
    consumed: usize,
    /// How long it may take to end: it may give its clients time.
    grace: Duration,
    think: Option<String>,
}

impl Process {
    pub(super) fn start(session: &Arc<Session>, program: Program) -> Process {
        let Program { noun, mut command, tail, listening, terminal } = program;
        let mark = new_mark();
        command.env(MARK, &mark);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let screen = terminal.map(|terminal| terminal.becomes_stderr_of(&mut command));
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = alive::start(&mut command, &mark).unwrap_or_else(|error| {
            let program = command.get_program().to_string_lossy().into_owned();
            let sentence = format!("The program {program} cannot be started: {}.", reason(&error));
            let mark = "cannot be started".to_owned();
            session.fail(Complaint { peer: "", sentence, mark, think: None })
        });
        let typist = Typist::at(child.stdin.take().expect("it is piped"));
        let output = listening.to(&mut child, screen);
        let helper = Arc::clone(typist.helper());
        let running = Arc::new(Running::new(noun, child, helper, output, tail, mark));
        session.watch(Arc::clone(&running));
        let (session, typist) = (Arc::clone(session), Some(typist));
        Process { session, running, typist, consumed: 0, grace: Duration::ZERO, think: None }
    }

    /// What to think about should the next expectations fail.
    pub fn says(&mut self, think: &str) -> &mut Self {
        self.think = Some(think.to_owned());
        self
    }

    /// Its process id: the program's, also where it stands behind a wrapper.
    pub fn pid(&self) -> u32 {
        self.running.program()
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

    /// Expects that it soon has no more threads and descriptors than `before` its visitors came:
    /// what `happened` then, such as "5 clients came and left".
    pub fn expect_given_back(&self, before: &Resources, happened: &str, think: &str) {
        let mut now = *before;
        let given_back = poll_until(Deadline::usual(), || {
            now = self.resources().unwrap_or(*before);
            now.are_back_at(before)
        });
        let sentence = format!(
            "{happened}. Threads: {} before, {} after; descriptors: {} before, {} after.",
            before.threads, now.threads, before.descriptors, now.descriptors
        );
        self.check(given_back, &sentence, think);
    }

    /// Waits until it has done all that it can do with what it was given: all its threads sleep.
    pub fn wait_until_idle(&self) -> bool {
        self.running.wait_until_idle()
    }

    /// How many bytes of its stdout were expected so far.
    pub fn printed(&self) -> usize {
        self.consumed
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        self.running.has_ended()
    }

    /// Types `text` on its stdin; does not wait until it is read.
    pub fn types(&mut self, text: &[u8]) -> &mut Self {
        self.session.note("", Way::Aside, format!("stdin: {}", text::show(text)));
        if let Some(typist) = &mut self.typist {
            typist.types(text);
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
        let (from, mut same) = (self.consumed, 0);
        let verdict = self.running.stdout.wait_for(Patience::new(), self.at_a_disk(), |all| {
            let printed = &all[from..];
            let arrived = printed.len().min(wanted.len());
            if printed[same..arrived] != wanted[same..arrived] {
                return Some(false);
            }
            same = arrived;
            (arrived == wanted.len()).then_some(true)
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

    /// The next line on stdout, whatever it says, without its ending.
    pub fn line(&mut self) -> String {
        let patience = Patience::new();
        let Some(line) = self.running.stdout.line(patience, self.at_a_disk(), self.consumed) else {
            let printed = self.running.stdout.text();
            let sentence = match &printed[self.consumed..] {
                [] => format!("The {} printed nothing where a line was due.", self.running.noun),
                begun => format!(
                    "The {} printed {}, and no newline, where a line was due.",
                    self.running.noun,
                    text::show(begun)
                ),
            };
            self.fail(sentence, "wanted a line on stdout".to_owned())
        };
        self.consumed += line.len() + 1;
        self.session.note("", Way::Aside, format!("stdout: {}", text::show(&line)));
        String::from_utf8_lossy(&line).into_owned()
    }

    /// Waits until it has written `words` to stderr.
    pub fn expect_log(&mut self, words: &str) -> &mut Self {
        let mut searched = 0;
        let found = self.running.stderr.wait_for(Patience::new(), self.at_a_disk(), |all| {
            let has = String::from_utf8_lossy(&all[searched..]).contains(words);
            // They may have begun in what was searched already.
            searched = all.len().saturating_sub(words.len());
            has.then_some(())
        });
        if found.is_none() {
            let noun = self.running.noun;
            self.fail(
                format!("The {noun} did not write {words:?} to stderr."),
                format!("wanted in the log: {words:?}"),
            );
        }
        self
    }

    /// Whether it writes `words` to stderr twice more, each within `time`, having done all that it
    /// can. Not once: what was told may have passed, and then another trouble is news.
    pub fn logs_again_and_again(&self, words: &str, time: Duration) -> bool {
        self.wait_until_idle();
        let count = || self.stderr().matches(words).count();
        let again = || {
            let told = count();
            poll_until(Deadline::after(time), || count() > told)
        };
        again() && again()
    }

    /// All that it has written to stderr so far.
    pub fn stderr(&self) -> String {
        self.running.log()
    }

    /// Sends it Ctrl-C (SIGINT). `false`, and nothing done, where there are no signals.
    pub fn interrupt(&mut self) -> bool {
        self.ask_to_stop("Ctrl-C (SIGINT)", processes::interrupt)
    }

    /// Sends it SIGTERM. `false`, and nothing done, where there are no signals.
    pub fn terminate(&mut self) -> bool {
        self.ask_to_stop("SIGTERM", processes::terminate)
    }

    fn ask_to_stop(&mut self, label: &str, send: fn(u32) -> bool) -> bool {
        self.session.note("", Way::Aside, label);
        self.running.ask_to_end();
        self.grace = GRACE;
        their_clock_runs();
        self.running.signal(send);
        // Who is gone already gets no signal, but that is no lack of signals.
        cfg!(unix)
    }

    /// Stops it and lets it go on, again and again for some milliseconds, and lets it go on in the
    /// end: its threads get ahead by turns, a few steps at a time, so that what must be one event
    /// and is not has a chance to show it. (On a quiet machine: a good one.) Does nothing where
    /// there are no signals.
    pub fn stutter(&mut self) -> &mut Self {
        self.session.note("", Way::Aside, "stutters (SIGSTOP, SIGCONT)");
        for _ in 0..STUTTERS {
            for paused in [true, false] {
                self.running.signal(|pid| processes::pause(pid, paused));
                spin(STUTTER);
            }
        }
        self
    }

    /// Stops it where it stands (SIGSTOP): the kernel goes on in its name. `false`, and nothing
    /// done, where there are no signals.
    pub fn freeze(&mut self) -> bool {
        self.session.note("", Way::Aside, "frozen (SIGSTOP)");
        self.running.signal(|pid| processes::pause(pid, true));
        // A SIGCONT that comes too soon takes back a SIGSTOP that no thread has seen yet.
        let program = self.running.program();
        poll_until(Deadline::usual(), || is_stopped(program).unwrap_or(true));
        cfg!(unix)
    }

    /// Lets it go on (SIGCONT).
    pub fn thaw(&mut self) -> bool {
        self.session.note("", Way::Aside, "goes on (SIGCONT)");
        self.running.signal(|pid| processes::pause(pid, false));
        cfg!(unix)
    }

    /// Kills it with its children (SIGKILL), and waits until it is gone.
    pub fn kill(&mut self) -> &mut Self {
        self.running.ask_to_end();
        self.running.kill();
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

    /// Asks whether a process of this test waits for a disk: this one, or whom it waits for.
    fn at_a_disk(&self) -> impl Fn() -> bool {
        || self.session.waits_for_a_disk()
    }

    pub(super) fn session(&self) -> &Arc<Session> {
        &self.session
    }

    fn fail(&self, sentence: String, mark: String) -> ! {
        self.session.fail(Complaint { peer: "", sentence, mark, think: self.think.clone() })
    }
}

/// Passes `time` without sleeping, which would take longer than that.
fn spin(time: Duration) {
    let end = Instant::now() + time;
    while Instant::now() < end {
        std::thread::yield_now();
    }
}
