//! Which program of a test explains its failure: one that panicked, exited by itself, or is
//! deadlocked.

use crate::child::{Panic, Running};
use crate::failure::{advice, readable};
#[cfg(target_os = "linux")]
use crate::linux::Activity;
use crate::linux::{LockWait, Watched, processor_time, wait_until_idle, wait_until_settled};
use crate::time::{Deadline, poll_until};
use manifest::Manifest;
#[cfg(target_os = "linux")]
use report::time::show_time;
use report::{Advice, Failure, Kind, Place, Role, TestId, Unwritten};
use std::env;
use std::path::Path;
use std::sync::{Arc, OnceLock};
#[cfg(target_os = "linux")]
use std::time::Duration;
use terminal::count_of;

/// The first program that panicked, or else the first that exited by itself.
pub fn find(processes: &[Arc<Running>], test: &TestId) -> Option<Failure> {
    wait_for_last_words(processes);
    let panicked = processes
        .iter()
        .find_map(|process| Some(of_panic(panic_that_matters(process, test)?, process.role())));
    panicked.or_else(|| {
        let ended =
            |process: &&Arc<Running>| process.ended_unasked() && process.panics().is_empty();
        processes.iter().find(ended).map(|process| of_exit(process))
    })
}

/// A program in which a thread waits for a lock that no thread will release. For a test that has
/// waited in vain.
pub fn deadlock(processes: &[Arc<Running>]) -> Option<Failure> {
    let (role, wait) = lock_wait(processes).filter(|(_, wait)| wait.is_deadlock)?;
    let probably = if wait.is_certain { "" } else { "probably " };
    let text = format!(
        "The {role} is {probably}deadlocked: {} for a lock, and no other thread can release it.",
        threads_wait(wait, "")
    );
    let failure = Failure::new(Kind::Expectation, "deadlocked", &text);
    Some(Failure { role: Some(role), advice: Some(second_lock()), ..failure })
}

/// The same where another thread may hold the lock, as a sentence: a fact, and no verdict.
pub fn held_lock(processes: &[Arc<Running>]) -> Option<String> {
    let (role, wait) = lock_wait(processes).filter(|(_, wait)| !wait.is_deadlock)?;
    let threads = threads_wait(wait, if wait.is_certain { "" } else { "probably " });
    Some(format!("Meanwhile {threads} for a lock in the {role}, and every other thread sleeps."))
}

/// What the program does while a test waits for it in vain, as a sentence: a fact, and no verdict. Of
/// several programs, the one that `should_end`.
#[cfg(target_os = "linux")]
pub fn activity(processes: &[Arc<Running>], should_end: bool) -> Option<String> {
    let describe = |process: &Arc<Running>| {
        let role = process.role();
        Some(match process.activity()? {
            Activity::Busy { ready, looks, cpu, time } => busy(role, (ready, looks), cpu, time),
            Activity::Asleep(calls) => {
                let thread = |(call, count): (&&str, &usize)| {
                    format!("{} in {call}", count_of(*count, "thread"))
                };
                let threads: Vec<String> = calls.iter().map(thread).collect();
                format!("Meanwhile the {role} sleeps: {}.", threads.join(", "))
            }
        })
    };
    let is_meant = |process: &&Arc<Running>| !should_end || process.was_asked_to_end();
    let (meant, others): (Vec<_>, Vec<_>) = processes.iter().partition(is_meant);
    meant.into_iter().chain(others).find_map(describe)
}

/// A program that computes. On a busy machine it gets little processor time, also in a busy loop. So
/// the sentence says then at how many looks it was `ready`, which does not depend on other programs.
#[cfg(target_os = "linux")]
fn busy(role: Role, (ready, looks): (u32, u32), cpu: Duration, time: Duration) -> String {
    let computes = cpu * 40 >= time;
    let (cpu, time) = (show_time(cpu), show_time(time));
    let used = format!("{cpu} of processor time in the last {time}");
    if computes {
        return format!("Meanwhile the {role} computes, and does not wait. It used {used}.");
    }
    let seen = match ready == looks {
        true => format!("does not sleep. It was ready to run at each of {looks} looks"),
        false => format!("was ready to run at {ready} of {looks} looks"),
    };
    format!("Meanwhile the {role} {seen}, and got {used}.")
}

/// Where threads cannot be seen, nothing is known of them.
#[cfg(not(target_os = "linux"))]
pub fn activity(_processes: &[Arc<Running>], _should_end: bool) -> Option<String> {
    None
}

fn lock_wait(processes: &[Arc<Running>]) -> Option<(Role, LockWait)> {
    processes.iter().find_map(|process| Some((process.role(), process.lock_wait()?)))
}

fn threads_wait(wait: LockWait, adverb: &str) -> String {
    let verb = if wait.threads == 1 { "waits" } else { "wait" };
    format!("{} {adverb}{verb}", count_of(wait.threads, "thread"))
}

fn second_lock() -> Advice {
    advice(
        "release-the-lock-first",
        "Check whether a thread calls `lock` while it still holds a guard of the same mutex, \
         perhaps in a function that it calls. A mutex of std is not reentrant.",
    )
}

/// Whether a program came to a step that should be written by now. Then the expected bytes or event
/// will never come.
pub fn is_unwritten(processes: &[Arc<Running>], test: &TestId) -> bool {
    let mut panics = processes.iter().filter_map(|process| panic_that_matters(process, test));
    panics.any(|panic| panic.kind() == Kind::Unwritten)
}

/// A thread that ended at an unwritten function of a later step, as a sentence: a fact, and no
/// verdict. A later step that is written in part may be the cause, or the program came there by
/// mistake.
pub fn unwritten_later(processes: &[Arc<Running>], test: &TestId) -> Option<String> {
    processes.iter().find_map(|process| {
        let mut panics = process.panics().into_iter();
        let Panic { place, unwritten, .. } =
            panics.find(|panic| is_of_a_later_step(panic, test))?;
        Some(reached(process.role(), &place, &unwritten?))
    })
}

fn reached(role: Role, place: &Place, Unwritten { step, function }: &Unwritten) -> String {
    format!(
        "A thread of the {role} ended at {function}, in {place}, because step {step} is not written \
         yet. This step can be done without it."
    )
}

fn of_panic(panic: Panic, role: Role) -> Failure {
    let (kind, text) = (panic.kind(), panic.sentence(role));
    let id = if kind == Kind::Unwritten { "unwritten" } else { "panicked" };
    let failure = Failure::new(kind, id, &readable(&text));
    Failure { role: Some(role), place: Some(panic.place), unwritten: panic.unwritten, ..failure }
}

fn of_exit(process: &Running) -> Failure {
    let (role, status) = (process.role(), process.status_words());
    let (id, did) = match process.misunderstood_its_arguments() {
        true => ("wrong-usage", "did not understand its arguments"),
        false => ("exited-by-itself", "ended by itself"),
    };
    let failure = Failure::new(Kind::Exited, id, &format!("The {role} {did} ({status})."));
    Failure { role: Some(role), ..failure }
}

/// The first panic that is not of a later step.
fn panic_that_matters(process: &Running, test: &TestId) -> Option<Panic> {
    process.panics().into_iter().find(|panic| !is_of_a_later_step(panic, test))
}

/// A program may come to a step that is not written yet, when it should not: a server whose
/// loop ends too early, for instance. That is not the step to write next.
fn is_of_a_later_step(panic: &Panic, test: &TestId) -> bool {
    let position = |step: &str| steps().iter().position(|name| name == step);
    let met = panic.unwritten.as_ref().and_then(|unwritten| position(&unwritten.step));
    let judged = test.step.as_deref().and_then(position);
    met.zip(judged).is_some_and(|(met, judged)| met > judged)
}

/// The steps of this lab in their order, by its manifest; none for a test of another package.
fn steps() -> &'static [String] {
    static STEPS: OnceLock<Vec<String>> = OnceLock::new();
    STEPS.get_or_init(|| {
        // Cargo runs tests in the folder of their package; lab and solution have the same name.
        let package = env::current_dir().unwrap_or_default();
        let lab = package.file_name().map(|name| Path::new("../../labs").join(name));
        let manifest = lab.and_then(|lab| Manifest::read(&lab).ok());
        let steps = manifest.map(|manifest| manifest.steps).unwrap_or_default();
        steps.into_iter().map(|step| step.name).collect()
    })
}

/// A program that is about to exit closes its sockets before we see it dead, or have read why. Only
/// failing tests wait.
fn wait_for_last_words(processes: &[Arc<Running>]) {
    let explained = |process: &Arc<Running>| {
        // Not those that were asked to end, or had nothing left to do: their end explains nothing.
        process.panics().iter().any(|panic| !panic.message.is_empty())
            || (process.ended_unasked() && process.has_said_all())
    };
    if processes.iter().any(explained) {
        return;
    }
    // A process whose threads all sleep is not exiting and prints nothing more. One that runs may
    // be exiting, or in a busy loop. It is not waited for any longer if it had a processor.
    let watched = Running::watched(processes.iter().map(Arc::as_ref));
    wait_until_settled(&watched, processor_time(&watched), Deadline::usual());
    // A thread that panics writes its message before its socket is closed. So the message is in the
    // pipe, and our reader of stderr may wait for a CPU for longer than that.
    let own_threads = processes.iter().filter_map(|process| process.stderr_thread()).collect();
    wait_until_idle(&Watched { pids: Vec::new(), own_threads }, Deadline::usual());
    // What a dead one wrote is on its way to us.
    let said_all = |process: &Arc<Running>| !process.has_ended() || process.has_said_all();
    poll_until(Deadline::usual(), || processes.iter().all(said_all));
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn an_unwritten_function_of_a_later_step_is_named() {
        let place = Place { file: "src/slow.rs".to_owned(), line: 108 };
        let unwritten = Unwritten { step: "slow".to_owned(), function: "write_lines".to_owned() };
        assert_eq!(
            reached(Role::Server, &place, &unwritten),
            "A thread of the server ended at write_lines, in src/slow.rs:108, because step slow is \
             not written yet. This step can be done without it."
        );
    }

    #[test]
    fn a_program_without_a_processor_is_not_said_to_compute() {
        let said = |ready, cpu| {
            let cpu = Duration::from_millis(cpu);
            busy(Role::Server, (ready, 63), cpu, Duration::from_millis(948))
        };
        let computes = "Meanwhile the server computes, and does not wait. It used";
        assert!(said(63, 120).starts_with(computes), "{}", said(63, 120));
        assert_eq!(
            said(63, 20),
            "Meanwhile the server does not sleep. It was ready to run at each of 63 looks, and got \
             20 ms of processor time in the last 948 ms."
        );
        assert_eq!(
            said(40, 20),
            "Meanwhile the server was ready to run at 40 of 63 looks, and got \
             20 ms of processor time in the last 948 ms."
        );
    }
}
