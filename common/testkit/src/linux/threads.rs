//! What the threads of a process do: `/proc/PID/task` (proc(5)).

use process_tree::descendants::{thread_ids, with_descendants};
use process_tree::proc_fs::{read_short, stat};
use std::collections::BTreeMap;
use std::fs;
use std::process;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The processor time of a thread that has not got much of it, in nanoseconds.
pub(super) const STARVED: u64 = 100_000_000;

/// A thread of ours, so that it can be seen whether it has anything to do.
#[derive(Clone, Debug, Default)]
pub struct OwnThread(Arc<OnceLock<Option<u32>>>);

impl OwnThread {
    /// Called by the thread itself.
    pub fn register(&self) {
        let id = || fs::read_link("/proc/thread-self").ok()?.file_name()?.to_str()?.parse().ok();
        self.0.get_or_init(id);
    }

    /// As the system knows it; `None` where threads cannot be looked at.
    pub fn id(&self) -> Option<u32> {
        *self.0.wait()
    }
}

/// The processes and threads that are looked at, to see whether there is anything to wait for.
#[derive(Debug, Default)]
pub struct Watched {
    /// Processes; their children, too: a program may stand behind a wrapper.
    pub pids: Vec<u32>,
    /// Threads of our own: those that write what the processes read, and read what they print.
    pub own_threads: Vec<u32>,
}

/// A look at one thread after the other; none where there is no `/proc`.
fn look_at(watched: &Watched) -> impl Iterator<Item = Task> {
    let theirs = watched.pids.iter().flat_map(|pid| with_descendants(*pid)).flat_map(tasks);
    let ours = watched.own_threads.iter().filter_map(|id| task((process::id(), *id)));
    theirs.chain(ours)
}

/// The time on a CPU of all threads that the processes have now; 0 where it cannot be seen.
pub fn processor_time(watched: &Watched) -> Duration {
    let processes = watched.pids.iter().flat_map(|pid| with_descendants(*pid));
    Duration::from_nanos(processes.map(cpu_nanoseconds).sum())
}

/// Whether a thread that we watch waits for a disk, or for its share of a processor. `false` where
/// threads cannot be seen.
pub fn one_waits_for_the_machine(watched: &Watched) -> bool {
    look_at(watched).any(|task| task.waits_for_the_machine())
}

/// Whether a process that we watch has a socket open. `false` where descriptors cannot be seen.
pub fn one_has_a_socket(watched: &Watched) -> bool {
    let is_socket = |entry: fs::DirEntry| {
        fs::read_link(entry.path())
            .is_ok_and(|target| target.as_os_str().as_encoded_bytes().starts_with(b"socket:"))
    };
    let processes = watched.pids.iter().flat_map(|pid| with_descendants(*pid));
    let folders = processes.filter_map(|pid| fs::read_dir(format!("/proc/{pid}/fd")).ok());
    folders.flatten().flatten().any(is_socket)
}

/// How many threads there are; 0 where they cannot be seen.
pub fn thread_count(watched: &Watched) -> usize {
    look_at(watched).count()
}

/// Whether all threads of `pid` are stopped (SIGSTOP); `None` where there is no `/proc`.
pub fn is_stopped(pid: u32) -> Option<bool> {
    cfg!(target_os = "linux").then(|| tasks(pid).all(|task| task.state == 'T'))
}

/// A process, and the id of one of its threads.
pub(super) type Thread = (u32, u32);

/// How long a thread has run so far.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RunTime {
    thread: Thread,
    cpu_nanoseconds: u64,
    /// How long it was ready to run and did not run.
    delay_nanoseconds: u64,
    /// How often it began to run.
    count: u64,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Task {
    state: char,
    run_time: RunTime,
}

impl Task {
    pub fn id(&self) -> u32 {
        self.run_time.thread.1
    }

    pub fn cpu_nanoseconds(&self) -> u64 {
        self.run_time.cpu_nanoseconds
    }

    /// In state D it waits for a disk. In state R with so little processor time, it has not come to what
    /// it has to do. (A busy loop soon has more. That it waits is counted only when it runs again.)
    fn waits_for_the_machine(&self) -> bool {
        self.state == 'D' || (self.state == 'R' && self.cpu_nanoseconds() < STARVED)
    }

    /// On a processor, or ready for one.
    #[cfg(target_os = "linux")]
    pub fn is_ready(&self) -> bool {
        self.state == 'R'
    }

    /// Waits in a system call, and is not stopped.
    #[cfg(target_os = "linux")]
    pub fn is_asleep(&self) -> bool {
        self.state == 'S'
    }
}

pub(super) fn tasks(pid: u32) -> impl Iterator<Item = Task> {
    thread_ids(pid).into_iter().filter_map(move |id| task((pid, id)))
}

fn task(thread: Thread) -> Option<Task> {
    Some(Task { state: state(thread)?, run_time: run_time(thread) })
}

/// A letter of proc(5). `None`: it has ended.
pub(super) fn state((process, id): Thread) -> Option<char> {
    stat(&format!("/proc/{process}/task/{id}"))?.chars().next()
}

/// Asleep; stopped; or dead, but not waited for yet. Not R, which runs or waits for a CPU, and not D,
/// which waits for a disk and then goes on by itself.
pub(super) fn is_idle(state: char) -> bool {
    matches!(state, 'S' | 'T' | 't') || is_dead(state)
}

/// Of a process that was not waited for yet; or of a thread that has not ended altogether.
pub(super) fn is_dead(state: char) -> bool {
    matches!(state, 'Z' | 'X')
}

/// How long a thread has run so far; zeros if it has ended, or if the kernel does not count that.
pub(super) fn run_time(thread: Thread) -> RunTime {
    let (process, id) = thread;
    // Time on a CPU, time waiting for one (both in nanoseconds), and how often it ran.
    let schedule = read_short(&format!("/proc/{process}/task/{id}/schedstat")).unwrap_or_default();
    let mut numbers = schedule.split_whitespace().filter_map(|number| number.parse().ok());
    let mut next = || numbers.next().unwrap_or(0);
    let (cpu_nanoseconds, delay_nanoseconds, count) = (next(), next(), next());
    RunTime { thread, cpu_nanoseconds, delay_nanoseconds, count }
}

fn run_times(pid: u32) -> impl Iterator<Item = RunTime> {
    thread_ids(pid).into_iter().map(move |id| run_time((pid, id)))
}

/// The time on a CPU of all threads that `pid` has now.
pub fn cpu_nanoseconds(pid: u32) -> u64 {
    run_times(pid).map(|time| time.cpu_nanoseconds).sum()
}

/// How often all threads that `pid` has now began to run, in sum.
pub fn run_count(pid: u32) -> u64 {
    run_times(pid).map(|time| time.count).sum()
}

/// How long each thread of a process has waited for a CPU, in nanoseconds, by its id.
#[derive(Debug, Default)]
pub struct RunDelays {
    /// Until a moment.
    before: BTreeMap<u32, u64>,
    /// When it was last seen. A thread that has ended keeps its delay.
    last: BTreeMap<u32, u64>,
}

impl RunDelays {
    /// Those of `pid` until now. The kernel counts a delay when it is over.
    pub fn of(pid: u32) -> RunDelays {
        let before = tasks(pid).map(|task| (task.id(), task.run_time.delay_nanoseconds)).collect();
        RunDelays { before, last: BTreeMap::new() }
    }

    /// How long all threads that `pid` has now, or had at an earlier look, have waited for a CPU since
    /// that moment, in sum. `None` while one of them is ready to run.
    pub fn sum(&mut self, pid: u32) -> Option<Duration> {
        self.sum_of(&tasks(pid).collect::<Vec<Task>>())
    }

    fn sum_of(&mut self, tasks: &[Task]) -> Option<Duration> {
        self.last.extend(tasks.iter().map(|task| (task.id(), task.run_time.delay_nanoseconds)));
        let before = |id| self.before.get(id).copied().unwrap_or(0);
        let sum = self.last.iter().map(|(id, delay)| delay.saturating_sub(before(id))).sum();
        tasks.iter().all(|task| task.state != 'R').then_some(Duration::from_nanos(sum))
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use process_tree::poll::poll_for;
    use std::io::Write;
    use std::process::{Command, Stdio};

    const NEVER_RAN: RunTime =
        RunTime { thread: (1, 1), cpu_nanoseconds: 0, delay_nanoseconds: 0, count: 0 };

    #[test]
    fn a_delay_before_a_moment_is_none_since_it() {
        let mut cat = Command::new("cat");
        let cat = cat.stdin(Stdio::piped()).stdout(Stdio::null());
        let mut sleeper = cat.spawn().expect("Linux has it");
        let (pid, mut input) = (sleeper.id(), sleeper.stdin.take().expect("it is piped"));
        let mut since_birth = RunDelays::default();
        // A thread that is woken waits for a CPU, mostly for some microseconds.
        assert!(poll_for(Duration::from_secs(20), || {
            input.write_all(b"x").expect("cat reads");
            since_birth.sum(pid).is_some_and(|delay| !delay.is_zero())
        }));
        let is_asleep = || tasks(pid).all(|task| task.is_asleep());
        assert!(poll_for(Duration::from_secs(20), is_asleep));

        assert_eq!(RunDelays::of(pid).sum(pid), Some(Duration::ZERO));
        sleeper.kill().and_then(|()| sleeper.wait()).expect("it is ours");
    }

    fn sleeper(id: u32, delay_nanoseconds: u64) -> Task {
        let run_time = RunTime { thread: (1, id), delay_nanoseconds, ..NEVER_RAN };
        Task { state: 'S', run_time }
    }

    #[test]
    fn the_delay_of_a_thread_that_has_ended_is_not_lost() {
        let mut delays = RunDelays { before: BTreeMap::from([(1, 10)]), ..RunDelays::default() };
        let nanoseconds = |count| Some(Duration::from_nanos(count));
        assert_eq!(delays.sum_of(&[sleeper(1, 15), sleeper(2, 7)]), nanoseconds(12));
        assert_eq!(delays.sum_of(&[sleeper(1, 16)]), nanoseconds(13));
    }

    #[test]
    fn one_with_little_processor_time_that_is_ready_to_run_waits_for_the_machine() {
        let waits = |state, cpu: u64| {
            let cpu_nanoseconds = cpu * 1_000_000;
            let run_time = RunTime { cpu_nanoseconds, ..NEVER_RAN };
            Task { state, run_time }.waits_for_the_machine()
        };
        assert!(waits('D', 500));
        assert!(waits('R', 0) && waits('R', 20));
        assert!(!waits('R', 150), "it is in a busy loop");
        assert!(!waits('S', 20), "it waits for something else");
    }
}
