//! Runs a worker, and ends it when it takes too long.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::time::Duration;

use ledger::Verdict;

use crate::sandbox::{Ended, run_bounded};
use crate::task::{Judged, Task};
use crate::worker;

/// The most bytes of a result.
const MAX_RESULT: u64 = 256 * 1024 * 1024;

/// Builds and judges `task` in a process of its own, for up to `time`.
pub fn supervise(task: &Task, time: Duration) -> Judged {
    let file = task.folder.join("task.json");
    let text = serde_json::to_vec(task).expect("paths in UTF-8 are JSON");
    if let Err(error) = fs::write(&file, text) {
        return grader_error(&format!("The task cannot be written ({error})."));
    }
    let mut command = Command::new(this_program());
    command.arg(worker::ARGUMENT).arg(&file).arg(process::id().to_string());
    match run_bounded(&mut command, time, MAX_RESULT) {
        Ok(Ended::Late | Ended::Waiting) => timed_out(&task.folder, time),
        Ok(Ended::ByItself(output)) if output.status.success() => {
            serde_json::from_slice(&output.stdout)
                .unwrap_or_else(|error| grader_error(&format!("The result is broken ({error}).")))
        }
        Ok(Ended::ByItself(output)) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = terminal::shorten(&terminal::harmless(said.trim()));
            grader_error(&format!("The grader failed ({}): {said}", output.status))
        }
        Err(error) => grader_error(&format!("The grader does not start ({error}).")),
    }
}

/// The points of the suite stay if its failed tests, when they run again, or the held-back tests take too
/// long.
fn timed_out(folder: &Path, time: Duration) -> Judged {
    let reason = format!("It took longer than {} s in all.", time.as_secs());
    match Judged::so_far(folder) {
        None => Judged::without_tests(Verdict::TimedOut, reason),
        Some(suite) => {
            // A fault of the machine takes no points, also if the time is over before a second try.
            let verdict = match suite.verdict {
                Verdict::GraderError => Verdict::GraderError,
                _ => Verdict::TimedOut,
            };
            let reason = Some(format!("{reason} The results of the suite count."));
            Judged { verdict, reason, ..suite }
        }
    }
}

fn grader_error(reason: &str) -> Judged {
    Judged::without_tests(Verdict::GraderError, reason)
}

/// On Linux, this very program, also if a build has replaced its file.
fn this_program() -> PathBuf {
    match cfg!(target_os = "linux") {
        true => "/proc/self/exe".into(),
        false => env::current_exe().unwrap_or_else(|_| "grade".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_points_of_the_suite_stay_if_later_tests_take_too_long() {
        let (folder, time) = (tempfile::tempdir().expect("a folder"), Duration::from_secs(60));
        let suite = Judged { points: 21, ..Judged::without_tests(Verdict::Failed, "") };
        assert_eq!(timed_out(folder.path(), time).points, 0);
        suite.keep_so_far(folder.path()).expect("written");
        let judged = timed_out(folder.path(), time);
        assert_eq!((judged.verdict, judged.points), (Verdict::TimedOut, 21));
        let machine = Judged { verdict: Verdict::GraderError, ..suite };
        machine.keep_so_far(folder.path()).expect("written");
        assert_eq!(timed_out(folder.path(), time).verdict, Verdict::GraderError);
        let reason = "It took longer than 60 s in all. The results of the suite count.";
        assert_eq!(judged.reason.as_deref(), Some(reason));
    }
}
