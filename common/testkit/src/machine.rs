//! What a machine must allow, so that a failure is the program's and not the machine's.
//!
//! A program that gets no descriptor or no thread fails like a wrong program. So the kit first raises
//! the limits of this process, which its programs inherit. A test that fails on a machine which
//! allows too little is no failure of the program. Its outcome is
//! [`Outcome::Machine`](report::Outcome::Machine).

use crate::linux::{Watched, processes_left, thread_count};
use process_tree::rlimit::{OPEN_FILES, allow_open_files, allow_processes, most_open_files};
use std::fs::File;
use std::io::{self, ErrorKind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use terminal::thousands;

/// [`OPEN_FILES`] with a margin, for a machine that allows it.
const MANY_OPEN_FILES: u64 = 4096;

/// Processes and threads that must be free while tests run. All tests of a lab together take 200.
const PROCESSES: usize = 256;

/// With this limit of processes, there is no need to try.
const MANY_PROCESSES: u64 = 8192;

/// An error number, as Unix systems have it: too many open files, in this process or in all.
const EMFILE: i32 = 24;
const ENFILE: i32 = 23;

/// Raises the limits of this process. Returns why no test can judge a program on this machine, in
/// a sentence.
pub fn prepare() -> Option<&'static str> {
    static REASON: OnceLock<Option<String>> = OnceLock::new();
    let reason = REASON.get_or_init(|| {
        allow_processes();
        if allow_open_files(MANY_OPEN_FILES) || allow_open_files(OPEN_FILES) {
            return None;
        }
        let most = most_open_files().unwrap_or(OPEN_FILES);
        Some(too_few("open files for each process", "ulimit -Hn", most, OPEN_FILES))
    });
    reason.as_deref()
}

/// What this machine lacks while a test of `programs` fails, in a sentence.
pub fn shortage(programs: &Watched) -> Option<String> {
    static FOUND: Mutex<Option<String>> = Mutex::new(None);
    // One test looks at a time, because a trial takes what another one would miss.
    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    if found.is_none() {
        *found = lack_of_files().or_else(|| lack_of_processes(programs));
    }
    found.clone()
}

/// The same, if `error` is the reason why a process cannot start.
pub fn shortage_behind(error: &io::Error) -> Option<String> {
    let is_shortage = matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::OutOfMemory)
        || lacks_files(error);
    is_shortage.then(|| format!("This machine cannot start one more process ({error})."))
}

fn lack_of_files() -> Option<String> {
    let error = File::open("/dev/null").err().filter(lacks_files)?;
    Some(format!("This machine cannot open one more file ({error})."))
}

fn lacks_files(error: &io::Error) -> bool {
    cfg!(unix) && matches!(error.raw_os_error(), Some(EMFILE | ENFILE))
}

fn lack_of_processes(programs: &Watched) -> Option<String> {
    let limits = [allow_processes(), processes_left()];
    if limits.into_iter().flatten().all(|limit| limit >= MANY_PROCESSES) {
        return None;
    }
    // What a program takes for itself is no fault of the machine.
    let free = startable_threads(PROCESSES) + thread_count(programs);
    let what = "more processes and threads";
    (free < PROCESSES).then(|| too_few(what, "ulimit -Hu, pids.max", free as u64, PROCESSES as u64))
}

fn too_few(what: &str, setting: &str, allowed: u64, needed: u64) -> String {
    let (allowed, needed) = (thousands(allowed as usize), thousands(needed as usize));
    format!("This machine allows {allowed} {what}, and the tests need {needed} ({setting}).")
}

/// How many threads can be started now, up to `count`. All of them end before this returns.
fn startable_threads(count: usize) -> usize {
    let (release, wait): (Sender<()>, Receiver<()>) = mpsc::channel();
    let wait = Arc::new(Mutex::new(wait));
    let start = |_| -> io::Result<JoinHandle<()>> {
        let wait = Arc::clone(&wait);
        let until_released = move || drop(wait.lock().map(|wait| wait.recv()));
        thread::Builder::new().stack_size(64 * 1024).spawn(until_released)
    };
    let threads: Vec<JoinHandle<()>> = (0..count).map_while(|at| start(at).ok()).collect();
    let started = threads.len();
    drop(release);
    for thread in threads {
        thread.join().expect("waiting does not panic");
    }
    started
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_started_and_ended() {
        assert_eq!(startable_threads(3), 3);
    }

    #[test]
    fn a_missing_file_is_no_shortage() {
        assert_eq!(shortage_behind(&ErrorKind::NotFound.into()), None);
        assert!(shortage_behind(&ErrorKind::WouldBlock.into()).is_some());
        assert_eq!(shortage(&Watched::default()), None);
    }
}
