//! Whether programs have anything left to do: `/proc/PID/task` (proc(5)).
//!
//! "Will the program send nothing more?" has the answer yes when all its threads sleep, and so do
//! those of our threads that write its input and read its output.
//!
//! A look at one thread after the other is no snapshot. While we look at the second, the first may be
//! woken. Two looks are one:
//!
//! ```text
//!   first look     A has run for this long, and B for that long
//!                  ── at this moment both slept ──
//!   second look    A sleeps and has not run since, and neither has B
//! ```
//!
//! A thread that sleeps at the second look, and has not run since the first one, has not been woken
//! before. Both looks list all threads, because a list lacks a thread if another one ends while the kernel
//! writes it. Only the first asks for children, because a thread that starts one later has run since.

use super::threads::{
    RunTime, STARVED, Thread, Watched, is_dead, is_idle, processor_time, run_time, state,
};
use crate::time::{Deadline, poll_until};
use process_tree::descendants::{children_of_threads, thread_ids};
use process_tree::proc_fs::read_short;
use report::env::SUBJECT_WRAPPER;
use std::env;
use std::process;
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

/// How long the kit pauses where threads cannot be seen.
const FALLBACK: Duration = Duration::from_millis(50);

/// Waits until all threads that we watch wait for something. `false`: the deadline has passed,
/// and a thread was always busy.
pub fn wait_until_idle(watched: &Watched, deadline: Deadline) -> bool {
    if !cfg!(target_os = "linux") {
        // Threads cannot be seen here, so give them a moment.
        thread::park_timeout(FALLBACK);
        return true;
    }
    let mut looks = Looks::at(watched);
    poll_until(deadline, || looks.are_idle())
}

/// Waits until no thread has anything left to do, as [`wait_until_idle`] does. Programs that have
/// computed since their [`processor_time`] was `before` are not waited for. They had a processor for
/// longer than it takes to see that a time is over. `false`: the threads got too little of one.
pub fn wait_until_settled(watched: &Watched, before: Duration, deadline: Deadline) -> bool {
    if !cfg!(target_os = "linux") {
        return wait_until_idle(watched, deadline);
    }
    let mut looks = Looks::at(watched);
    let starved = Duration::from_nanos(STARVED);
    let computes = || processor_time(watched).saturating_sub(before) >= starved;
    poll_until(deadline, || looks.are_idle() || computes())
}

/// Whether no thread has anything left to do, as one look shows it. A chain of threads, each of which
/// starts the next one and ends, may look idle.
pub fn looks_idle(watched: &Watched) -> bool {
    own_threads(watched).all(|thread| !is_busy(thread))
        && look_at_programs(watched, |thread| state(thread).filter(|state| is_idle(*state)))
            .is_some()
}

/// Looks at the same threads until all of them sleep.
struct Looks<'a> {
    watched: &'a Watched,
    /// A thread that was busy. While it is, it ends each look, because a look at every thread costs
    /// many system calls.
    busy: Option<Thread>,
    /// Threads that were dead. One that was alive at the first look may have run since, because the kernel
    /// counts the last time that it ran after its death.
    dead: Vec<Thread>,
}

impl Looks<'_> {
    fn at(watched: &Watched) -> Looks<'_> {
        Looks { watched, busy: None, dead: Vec::new() }
    }

    /// Whether no thread had anything left to do at one moment.
    fn are_idle(&mut self) -> bool {
        if self.busy.is_some_and(is_busy) {
            return false;
        }
        let ours: Vec<RunTime> = own_threads(self.watched).map(run_time).collect();
        let theirs = look_at_programs(self.watched, |thread| Some(run_time(thread)));
        let Some((pids, theirs)) = theirs else { return false };
        // The second look.
        self.busy = own_threads(self.watched).find(|thread| is_busy(*thread));
        self.busy.is_none()
            && own_threads(self.watched).map(run_time).eq(ours)
            && self.run_times_if_idle(&pids) == Some(theirs)
            && (pids.len() == 1 && !is_wrapped() || !pids.iter().any(|pid| is_collecting(*pid)))
    }

    /// Of all threads of these processes.
    fn run_times_if_idle(&mut self, pids: &[u32]) -> Option<Vec<RunTime>> {
        let mut found = Vec::new();
        for pid in pids {
            for thread in thread_ids(*pid).into_iter().map(|id| (*pid, id)) {
                // A thread that was listed and has ended has run, and may have started another one.
                let state = state(thread)?;
                if !is_idle(state) {
                    self.busy = Some(thread);
                    return None;
                }
                if is_dead(state) && !self.dead.contains(&thread) {
                    self.dead.push(thread);
                    return None;
                }
                found.push(run_time(thread));
            }
        }
        Some(found)
    }
}

/// Whether a wrapper runs the programs.
fn is_wrapped() -> bool {
    static IS_WRAPPED: OnceLock<bool> = OnceLock::new();
    *IS_WRAPPED.get_or_init(|| env::var_os(SUBJECT_WRAPPER).is_some())
}

/// Whether the first thread of `pid` seems to sleep and does not. In wait4(2), the kernel sets the state to
/// S before it looks at the children. A parent that loses its core while it collects a child has this
/// state, although nothing has to wake it. So a wrapper whose program has just ended looks idle. `false` if
/// we may not see it. Other calls have such a moment, too, but a very short one.
fn is_collecting(pid: u32) -> bool {
    read_short(&format!("/proc/{pid}/syscall")).is_ok_and(|call| call.starts_with("running"))
}

/// What `look` finds at all threads of the programs, and their processes. `None` as soon as it is
/// `None` for one.
fn look_at_programs<T>(
    watched: &Watched,
    look: impl Fn(Thread) -> Option<T>,
) -> Option<(Vec<u32>, Vec<T>)> {
    let mut pids = watched.pids.clone();
    let mut found = Vec::new();
    let mut next = 0;
    while let Some(&pid) = pids.get(next) {
        let ids = thread_ids(pid);
        for id in &ids {
            found.push(look((pid, *id))?);
        }
        pids.extend(children_of_threads(pid, &ids));
        next += 1;
    }
    Some((pids, found))
}

/// Those that have ended, too. They do nothing any more.
fn own_threads(watched: &Watched) -> impl Iterator<Item = Thread> {
    watched.own_threads.iter().map(|id| (process::id(), *id))
}

fn is_busy(thread: Thread) -> bool {
    state(thread).is_some_and(|state| !is_idle(state))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::io::{self, BufRead, BufReader};
    use std::process::{Child, Command, Stdio};
    use std::thread::Builder;

    /// Set for a process in which each thread starts the next one and ends.
    const CHAIN: &str = "KIT_CHAIN_OF_THREADS";

    /// Where that process begins.
    const CHAIN_TEST: &str = "linux::idle::tests::a_chain_of_threads_is_never_idle";

    fn start_next() {
        // As often as the machine has no thread to give.
        while Builder::new().spawn(start_next).is_err() {}
    }

    /// Runs until its input ends.
    fn chain_of_threads() -> Child {
        let mut chain = Command::new(env::current_exe().expect("we are running"));
        chain.args(["--exact", CHAIN_TEST, "--test-threads=1", "--nocapture"]).env(CHAIN, "1");
        chain.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut chain = chain.spawn().expect("we can be run");
        let mut lines = BufReader::new(chain.stdout.take().expect("it is piped")).lines();
        assert!(lines.any(|line| line.is_ok_and(|line| line.contains("begun"))));
        chain
    }

    #[test]
    fn a_chain_of_threads_is_never_idle() {
        if env::var_os(CHAIN).is_some() {
            start_next();
            println!("begun");
            let _ = io::stdin().read_line(&mut String::new());
            process::exit(0);
        }
        let mut chain = chain_of_threads();
        let watched = Watched { pids: vec![chain.id()], own_threads: Vec::new() };
        let idle = (0..20_000).filter(|_| Looks::at(&watched).are_idle()).count();
        chain.kill().and_then(|()| chain.wait()).expect("it is ours");
        assert_eq!(idle, 0, "of 20,000 looks");
    }
}
