//! Builds one submission in the build box.
//!
//! The box shows the sources where the workspace has them, so the recorded call of rustc and the places
//! in its messages are the same. It shows no solution, no test and no other submission.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output};
use std::time::Duration;

use lab::build::cargo::BuildResult;
use lab::course::labs::Lab;
use lab::error::Error;
use ledger::Verdict;

use crate::bench::Rustc;
use crate::sandbox::{Bubblewrap, Ended, Limits, Sandbox, User, give_to_nobody, run_bounded};
use crate::task::{Judged, Task};

/// The most bytes of the compiler's messages that are read.
const MAX_MESSAGES: u64 = 4 * 1024 * 1024;

/// The most bytes of the compiler's messages that are kept.
const MAX_KEPT: usize = 32 * 1024;

/// Memory for the temporary files of a build, in bytes.
const TEMPORARY: u64 = 256_000_000;

/// A submission is built once, so there is nothing to keep for the next build, and no debugger looks at
/// it. The program stays the same. For lab 01, rustc takes 0.29 s of processor time instead of 0.51 s.
const ONE_BUILD: [&str; 3] = ["-Ccodegen-units=1", "-Cdebuginfo=0", "-Cstrip=debuginfo"];

/// Where the box writes.
const OUT: &str = "/box/out";

/// Builds the sources of `task`. Returns the program, or the verdict on a submission without one.
///
/// # Errors
///
/// The machine failed.
pub fn build(task: &Task, rustc: &Rustc, lab: &Lab) -> Result<Result<PathBuf, Judged>, Error> {
    let out = task.folder.join("out");
    make_out(&out, task.sandbox).map_err(|error| Error::failed("cannot write", error))?;
    let mut command = command(task, rustc, lab, &out);
    let time = task.build_time.limit();
    let ended = run_bounded(&mut command, time, MAX_MESSAGES)
        .map_err(|error| Error::failed("cannot start the compiler", error))?;
    let output = match ended {
        Ended::Late => return Ok(Err(late(time))),
        Ended::Waiting => return Ok(Err(still_waits(time))),
        Ended::ByItself(output) => output,
    };
    if let Some(limit) = limit_of(output.status).or_else(|| limit_of_linker(&output)) {
        return Ok(Err(limit_hit(limit)));
    }
    let built = BuildResult::of_rustc(&output)?;
    if !built.compiled {
        return Ok(Err(did_not_compile(&built)));
    }
    let program = task.folder.join(lab.package());
    take_program(&out.join(rustc.call.program_name()), &program)
        .map_err(|error| Error::failed("cannot find the program that was built", error))?;
    Ok(Ok(program))
}

fn command(task: &Task, rustc: &Rustc, lab: &Lab, out: &Path) -> Command {
    match task.sandbox {
        Sandbox::None => {
            let mut command = call_to(rustc, out);
            command.current_dir(&task.folder);
            command
        }
        Sandbox::Bubblewrap(user) => {
            let room = Bubblewrap::new()
                .empty("/tmp", TEMPORARY)
                .read_only(&rustc.sysroot, &rustc.sysroot)
                .read_only(&rustc.crates, &rustc.crates_at)
                .read_only(task.sources.join("src"), lab.src())
                .writable(out, OUT)
                .in_folder(&task.bench.workspace);
            in_box(&room, user, &call_to(rustc, Path::new(OUT)))
        }
    }
}

fn call_to(rustc: &Rustc, out: &Path) -> Command {
    let mut call = rustc.call.command_to(out);
    call.args(ONE_BUILD);
    call
}

/// `call` in `room`, with the variables of `call` and no others.
fn in_box(room: &Bubblewrap, user: User, call: &Command) -> Command {
    let words = room.confined(user, Limits::BUILD);
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).arg(call.get_program()).args(call.get_args());
    command.env_clear().env("PATH", "/usr/bin:/bin");
    command.envs(call.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

fn make_out(out: &Path, sandbox: Sandbox) -> io::Result<()> {
    fs::create_dir_all(out)?;
    match sandbox {
        Sandbox::Bubblewrap(User::Nobody) => give_to_nobody(out),
        _ => Ok(()),
    }
}

/// The compiler ran on untrusted sources. So its program must be a regular file, and is then out of the
/// reach of any box.
fn take_program(made: &Path, program: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(made)?.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    fs::rename(made, program)
}

/// The limit by which a compiler was ended. bwrap(1) reports a signal as an exit status of 128 and its
/// number.
fn limit_of(status: ExitStatus) -> Option<&'static str> {
    let code = status.code().filter(|code| *code > 128).map(|code| code - 128);
    limit_by(signal_of(status).or(code)?)
}

/// The limit by which the linker was ended. Then rustc fails by itself, and repeats the message of the C
/// compiler that started the linker: `ld terminated with signal 25 [File size limit exceeded]`.
fn limit_of_linker(output: &Output) -> Option<&'static str> {
    let text = String::from_utf8_lossy(&output.stderr);
    let (_, end) =
        text.split_once("ld terminated with signal ").filter(|_| !output.status.success())?;
    limit_by(end.split(' ').next()?.parse().ok()?)
}

fn limit_by(signal: i32) -> Option<&'static str> {
    match signal {
        6 => Some("needed more memory than it may use"),
        11 => Some("crashed"),
        24 => Some("needed more processor time than it may use"),
        25 => Some("wrote a larger file than it may write"),
        _ => None,
    }
}

#[cfg(unix)]
fn signal_of(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal_of(_status: ExitStatus) -> Option<i32> {
    None
}

/// A compiler without end comes to its limit of processor time first, unless this machine is too busy.
fn late(time: Duration) -> Judged {
    let reason = format!("The machine was too busy to compile it in {} s.", time.as_secs());
    Judged::without_tests(Verdict::GraderError, reason)
}

/// It included a file that does not end and has no bytes, such as a pipe.
fn still_waits(time: Duration) -> Judged {
    limit_hit(&format!("still waited for input after {} s", time.as_secs()))
}

fn limit_hit(what: &str) -> Judged {
    Judged::without_tests(Verdict::LimitHit, format!("The compiler {what}."))
}

fn did_not_compile(built: &BuildResult) -> Judged {
    let mut errors = built.errors();
    let end = errors.floor_char_boundary(MAX_KEPT);
    errors.truncate(end);
    let count = built.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let reason = format!("It does not compile: {}.", terminal::count_of(count, "error"));
    let judged = Judged::without_tests(Verdict::DidNotCompile, reason);
    Judged { compiler: Some(errors), ..judged }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_build_is_no_zero() {
        assert_eq!(late(Duration::from_secs(45)).verdict, Verdict::GraderError);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_program_to_judge_has_no_debug_information() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("main.rs"), "fn main() {}").expect("written");
        let arguments =
            ["--crate-name", "lab01", "main.rs", "-Cdebuginfo=1", "--out-dir", "target"];
        let call = serde_json::json!({"rustc": "rustc", "arguments": arguments, "folder": ".", "variables": {}});
        let call = serde_json::from_value(call).expect("a call");
        let nowhere = PathBuf::new;
        let rustc = Rustc { call, sysroot: nowhere(), crates: nowhere(), crates_at: nowhere() };
        let mut command = call_to(&rustc, Path::new("out"));
        assert!(command.current_dir(&folder).status().expect("it starts").success());
        let program = folder.path().join("out").join(rustc.call.program_name());
        let program = fs::read(program).expect("it is there");
        // As in the table of section names. The standard library has the name, too.
        let section = b"\0.debug_info\0";
        assert!(!program.windows(section.len()).any(|bytes| bytes == section));
    }
}
