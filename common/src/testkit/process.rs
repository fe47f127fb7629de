//! One run of the program under test.

mod ending;
mod panic;
mod running;
mod server;
mod typist;

pub use ending::Exit;
pub(super) use panic::Panic;
pub(super) use running::Running;
pub use server::Server;

use super::deadline::{Deadline, poll_until};
use super::drain::{Drain, FirstLine};
use super::ladder::Way;
use super::processes;
use super::resources::Resources;
use super::session::{Complaint, Session};
use super::text;
use std::io;
use std::process::{Command, Stdio};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use typist::start_typist;

/// How much of what a program prints is read, before its pipes are closed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Listening {
    ToAll,
    /// Of stdout; nothing of stderr.
    ToTheFirstLine,
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
        listening: Listening,
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
        let stdout = child.stdout.take().expect("it is piped");
        let stderr = child.stderr.take().expect("it is piped");
        let (stdout, stderr) = match listening {
            Listening::ToAll => (Drain::of(stdout), Drain::of_log(stderr)),
            Listening::ToTheFirstLine => {
                drop(stderr);
                (Drain::of(FirstLine::of(stdout)), Drain::of(io::empty()))
            }
        };
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
        let (from, mut same) = (self.consumed, 0);
        let verdict = self.running.stdout.wait_for(|all| {
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

    /// Kills it with its children (SIGKILL), and waits until it is gone.
    pub fn kill(&mut self) -> &mut Self {
        self.running.ask_to_end();
        processes::kill_tree(self.pid());
        // The kernel closes its sockets one by one: a FIN that came does not mean that its port
        // is free.
        poll_until(Deadline::usual(), || self.running.has_ended());
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

    fn fail(&self, sentence: String, mark: String) -> ! {
        self.session.fail(Complaint { peer: "", sentence, mark, think: self.think.clone() })
    }
}
