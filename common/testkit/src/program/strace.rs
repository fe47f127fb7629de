//! A program whose system calls strace(1) writes down, or lets fail.

use super::subject::Subject;
use crate::child::output_of;
use std::process::Command;
use std::sync::OnceLock;
use tempfile::TempDir;

impl Subject {
    /// Runs under strace(1) what is started from here. It writes the system calls `calls` to the file
    /// `trace` in the folder. `None` where strace is missing or must not trace, and the test is noted
    /// as skipped.
    pub fn traced(self, calls: &str) -> Option<(Subject, TempDir)> {
        if !self.can_be_traced() {
            return None;
        }
        let folder = self.folder();
        let trace = folder.path().join("trace").to_string_lossy().into_owned();
        let options = ["-s", "4096", "-o", &trace];
        Some((self.inside_strace(calls, &options), folder))
    }

    /// Runs under strace(1) what is started from here, which lets a system call fail or return late:
    /// `sendto:error=EPERM:when=1` is the first sendto(2). `None` as for [`traced`](Subject::traced).
    pub fn with_fault(self, fault: &str) -> Option<Subject> {
        let (calls, _) = fault.split_once(':').unwrap_or((fault, ""));
        let options = ["-o", "/dev/null", "-e", &format!("inject={fault}")];
        if !self.can_be_traced() {
            return None;
        }
        self.context.remark(in_words(fault));
        Some(self.inside_strace(calls, &options))
    }

    /// Runs under strace(1) with these `options`. The program stops at the system calls `calls` only,
    /// because each stop costs several switches of process.
    fn inside_strace(self, calls: &str, options: &[&str]) -> Subject {
        let trace = format!("trace={calls}");
        self.inside_wrapper(&[&["strace", "-f", "--seccomp-bpf", "-e", &trace], options].concat())
    }

    /// Whether strace(1) works, which is tried once. If it does not, the test is noted as skipped.
    fn can_be_traced(&self) -> bool {
        static WORKS: OnceLock<bool> = OnceLock::new();
        let works = *WORKS.get_or_init(|| {
            let tried = ["-f", "--seccomp-bpf", "-o", "/dev/null", "true"];
            output_of(Command::new("strace").args(tried)).is_ok_and(|it| it.status.success())
        });
        if !works {
            self.skip("strace is missing, or must not trace");
        }
        works
    }
}

/// A fault as the ladder shows it: `sendto or sendmsg fails with EPERM: call 1`.
fn in_words(fault: &str) -> String {
    let mut parts = fault.split(':');
    let calls = parts.next().unwrap_or_default().replace(',', " or ");
    let effect = match parts.next().and_then(|effect| effect.split_once('=')) {
        Some(("error", error)) => format!("fails with {error}"),
        Some(("delay_exit", time)) => format!("returns {time} µs late"),
        _ => "has a fault".to_owned(),
    };
    let when = parts.next().and_then(|part| part.strip_prefix("when="));
    let which = match when.map(|when| when.split_once('+').unwrap_or((when, "0"))) {
        None => "each call".to_owned(),
        Some((first, "0")) => format!("call {first}"),
        Some((first, "")) => format!("call {first} and all calls after it"),
        Some((first, step)) => format!("call {first} and every {step} calls after it"),
    };
    format!("{calls} {effect}: {which}")
}
