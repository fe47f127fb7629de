//! The process itself: a child whose output is always read, and what a failing test asks of it.

use super::capture::Capture;
use super::output::OutputReader;
use super::panic::Panic;
use super::pty::Pty;
use super::registry;
use super::stdin::StdinWriter;
#[cfg(target_os = "linux")]
use crate::linux::{Activity, activity};
use crate::linux::{LockWait, OwnThread, Watched, lock_wait, one_has_a_socket, wait_until_idle};
use crate::time::{Deadline, ProgressDeadline, poll_until, start_timeout};
use process_tree::signal::peek_exit_status;
use process_tree::{RunId, descendants, kill_by_run_id, kill_tree};
use report::Role;
use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

/// The exit status of a program that was called with wrong arguments, by convention (clap and
/// argparse keep to it).
const WRONG_USAGE: i32 = 2;

/// A program that is to be started.
pub struct Launch {
    pub role: Role,
    /// Its name in the ladder.
    pub name: String,
    pub command: Command,
    /// How its command line ends, whatever stands before it.
    pub args: Vec<String>,
    pub capture: Capture,
    /// Where its stderr goes, if that is no pipe.
    pub pty: Option<Pty>,
}

/// A program that was started.
pub struct Started {
    pub running: Arc<Running>,
    pub stdin: StdinWriter,
}

impl Launch {
    /// # Errors
    ///
    /// The program cannot be started.
    pub fn start(mut self) -> io::Result<Started> {
        self.command.stdin(Stdio::piped());
        let terminal = Capture::prepare(&mut self.command, self.pty);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut self.command, 0);
        let run_id = RunId::new();
        let started = Instant::now();
        let mut child = registry::start(&mut self.command, &run_id)?;
        let stdin = StdinWriter::new(child.stdin.take().expect("it is piped"));
        let readers = self.capture.read(&mut child, terminal);
        let (stdout, stderr) = readers.inspect_err(|_| registry::end(&mut child))?;
        let running = Arc::new(Running {
            role: self.role,
            name: self.name,
            pid: child.id(),
            stdout,
            stderr,
            stdin_thread: Arc::clone(stdin.thread()),
            args: self.args,
            run_id,
            started,
            life: Mutex::new(Life { child, is_over: false }),
            asked_to_end: AtomicBool::new(false),
            ended_as_expected: AtomicBool::new(false),
        });
        Ok(Started { running, stdin })
    }
}

/// A child process; what a failing test looks at.
#[derive(Debug)]
pub struct Running {
    role: Role,
    name: String,
    /// The process that we started: the program, or a wrapper around it.
    pid: u32,
    pub stdout: OutputReader,
    pub stderr: OutputReader,
    /// The thread that writes to its stdin, if anything was written.
    stdin_thread: Arc<OnceLock<OwnThread>>,
    /// How the program's command line ends, wrapper or not.
    args: Vec<String>,
    /// The mark in the environment of the process and of its descendants.
    run_id: RunId,
    /// Just before it was started.
    started: Instant,
    life: Mutex<Life>,
    asked_to_end: AtomicBool,
    ended_as_expected: AtomicBool,
}

#[derive(Debug)]
struct Life {
    child: Child,
    /// Whether we have waited for it. From then on its id may be another process's.
    is_over: bool,
}

impl Running {
    pub fn role(&self) -> Role {
        self.role
    }

    /// Its name in the ladder, of which each run has its own.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of the program, also behind a wrapper.
    pub fn program(&self) -> u32 {
        descendants::program(self.pid, &self.args)
    }

    pub fn has_ended(&self) -> bool {
        self.status().is_some()
    }

    /// A moment just before it was started.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// How long ago it was started.
    pub fn age(&self) -> Duration {
        self.started.elapsed()
    }

    /// Whether it may still be starting: it has printed nothing, and has no socket.
    pub fn is_starting(&self) -> bool {
        self.age() < start_timeout()
            && self.stdout.total() + self.stderr.total() == 0
            && !self.has_ended()
            && !one_has_a_socket(&Running::watched([self]))
    }

    /// How it ended, if it has. It is not waited for yet, so its id remains its own.
    pub fn status(&self) -> Option<ExitStatus> {
        let mut life = self.life.lock().expect("no panic under the lock");
        let status = match life.is_over {
            true => life.child.try_wait(),
            false => peek_exit_status(&mut life.child),
        };
        status.ok().flatten()
    }

    /// Whether it ended, and its last words on stderr have arrived here.
    pub fn has_said_all(&self) -> bool {
        self.has_ended() && self.stderr.has_ended()
    }

    /// A server runs until it is told to stop. Any other program may end when it has nothing left
    /// to do, but not because it does not understand what it was told.
    pub fn ended_unasked(&self) -> bool {
        !self.was_asked_to_end()
            && match self.role {
                Role::Server => self.has_ended(),
                Role::Client | Role::Tool => self.misunderstood_its_arguments(),
            }
    }

    /// Whether a signal ended it that no test has sent: SIGSEGV, SIGABRT.
    pub fn has_crashed(&self) -> bool {
        !self.was_asked_to_end() && self.status().is_some_and(|status| status.code().is_none())
    }

    pub fn ask_to_end(&self) {
        self.asked_to_end.store(true, Ordering::SeqCst);
    }

    /// A test has seen it end, and found nothing wrong.
    pub fn note_expected_end(&self) {
        self.ended_as_expected.store(true, Ordering::SeqCst);
    }

    /// Whether a test has seen it end, and found nothing wrong.
    pub fn ended_as_expected(&self) -> bool {
        self.ended_as_expected.load(Ordering::SeqCst)
    }

    /// Whether the kit killed it when the test needed it no more.
    pub fn was_killed_by_us(&self) -> bool {
        self.was_asked_to_end() && self.status().is_some_and(|status| status.code().is_none())
    }

    /// Whether the test expects that it ends.
    pub fn was_asked_to_end(&self) -> bool {
        self.asked_to_end.load(Ordering::SeqCst)
    }

    /// Sends a signal to the program, if it is still there to get one.
    pub fn signal(&self, send: impl Fn(u32) -> bool) {
        let life = self.life.lock().expect("no panic under the lock");
        if !life.is_over {
            send(self.program());
        }
    }

    /// Waits until it has ended. The limit is the usual deadline and `grace`, and more as long as
    /// it prints or a process `is_slow`.
    pub fn wait_for_end(&self, grace: Duration, is_slow: impl Fn() -> bool) -> bool {
        let mut deadline = ProgressDeadline::with_grace(grace);
        let printed = || self.stdout.total() + self.stderr.total();
        let mut before = printed();
        poll_until(deadline.total(), || {
            if printed() > before {
                before = printed();
                deadline.renew();
            }
            self.has_ended() || deadline.left_unless(&is_slow).is_none()
        });
        self.has_ended()
    }

    /// Waits until all its threads sleep. `false`: it ended, or it never did.
    pub fn wait_until_idle(&self) -> bool {
        wait_until_idle(&Running::watched([self]), Deadline::usual()) && !self.has_ended()
    }

    /// Its threads that wait for a lock, if all its threads sleep.
    pub fn lock_wait(&self) -> Option<LockWait> {
        if self.has_ended() { None } else { lock_wait(self.program()) }
    }

    /// What it does now: it computes, or sleeps in a system call.
    #[cfg(target_os = "linux")]
    pub fn activity(&self) -> Option<Activity> {
        if self.has_ended() { None } else { activity(self.program()) }
    }

    /// Everything left to wait for: the processes that run, the input typed for them, and the
    /// output of all of them.
    pub fn watched<'a>(processes: impl IntoIterator<Item = &'a Running>) -> Watched {
        let mut watched = Watched::default();
        for process in processes {
            watched.pids.extend((!process.has_ended()).then_some(process.pid));
            let readers = [process.stdout.thread(), process.stderr.thread()];
            let threads = readers.into_iter().chain(process.stdin_thread.get());
            watched.own_threads.extend(threads.filter_map(OwnThread::id));
        }
        watched
    }

    /// The thread of ours that reads its stderr.
    pub fn stderr_thread(&self) -> Option<u32> {
        self.stderr.thread().id()
    }

    /// Kills it with its children.
    pub fn kill(&self) {
        let life = self.life.lock().expect("no panic under the lock");
        if !life.is_over {
            kill_tree(self.pid);
        }
        drop(life);
        // The kernel closes its sockets one by one: a FIN that came does not mean that its port
        // is free.
        poll_until(Deadline::usual(), || self.has_ended());
    }

    /// Kills the process and its descendants that still run, waits for it, and reads its output to
    /// the end.
    pub fn reap(&self) {
        self.kill();
        let mut life = self.life.lock().expect("no panic under the lock");
        if life.is_over {
            return;
        }
        registry::forget(self.pid);
        life.is_over = true;
        // Once more, by the system's own means, should ours have failed.
        let _ = life.child.kill();
        if !poll_until(Deadline::usual(), || !matches!(life.child.try_wait(), Ok(None))) {
            eprintln!("process {} cannot be killed", self.pid);
        }
        drop(life);
        kill_by_run_id(&self.run_id, self.pid, registry::all);
        // A process that escaped every kill could hold the pipes open, so the wait is bounded.
        if poll_until(Deadline::usual(), || self.stdout.has_ended() && self.stderr.has_ended()) {
            self.stdout.join();
            self.stderr.join();
        }
    }

    pub fn status_words(&self) -> String {
        // The standard library writes `exit status: 3`, but a colon is odd inside a sentence.
        self.status().map_or("still running".to_owned(), |status| {
            status.to_string().replacen("status: ", "status ", 1)
        })
    }

    /// Whether it ended because it does not understand its arguments.
    pub fn misunderstood_its_arguments(&self) -> bool {
        self.status().is_some_and(|status| status.code() == Some(WRONG_USAGE))
    }

    pub fn panics(&self) -> Vec<Panic> {
        Panic::find_all(&self.log())
    }

    /// Its stderr so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&self.stderr.text()).into_owned()
    }
}
