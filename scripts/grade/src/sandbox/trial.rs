//! Whether this machine can make the boxes. It is tried out, because a kernel setting, a container or
//! an old version may prevent it.

use std::fs;
use std::process::Command;
use std::time::Duration;

use lab::error::Error;

use super::bounded::{Ended, run_bounded};
use super::{Bubblewrap, COPIES, Limits, TESTS, User};

/// How long the trial may take.
const TIME: Duration = Duration::from_secs(20);

/// The first version of Linux that counts the processes of each box apart (RLIMIT_NPROC).
const KERNEL: (u32, u32) = (5, 14);

/// The user for the boxes of this process.
///
/// # Errors
///
/// Bubblewrap is missing, or does not work here, or the kernel is too old. The advice says what to
/// install.
pub fn try_out() -> Result<User, Error> {
    if !cfg!(target_os = "linux") {
        return Err(refusal("only Linux has the namespaces that it needs"));
    }
    // Without /proc, the trial fails.
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    check_kernel(release.trim()).map_err(|why| refusal(&why))?;
    let is_missing = |program: &str| Command::new(program).arg("--version").output().is_err();
    if let Some(missing) = ["bwrap", "setpriv"].into_iter().find(|it| is_missing(it)) {
        return Err(refusal(&format!("the program `{missing}` is missing")));
    }
    let user = if is_root() { User::Nobody } else { User::Own };
    start_nested(user).map_err(|why| refusal(&why))?;
    Ok(user)
}

/// An older kernel counts all threads of the user on this machine. Then a program that may start a
/// thread could fail because of other boxes, and the student would lose points.
fn check_kernel(release: &str) -> Result<(), String> {
    let mut numbers = release.split(|sign: char| !sign.is_ascii_digit()).map(str::parse);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
        return Ok(());
    };
    match (major, minor) < KERNEL {
        true => Err(format!(
            "Linux {release} counts the processes of all boxes together, so use Linux {}.{} or newer",
            KERNEL.0, KERNEL.1
        )),
        false => Ok(()),
    }
}

/// Starts a program in a box inside a box, as a judge does.
fn start_nested(user: User) -> Result<(), String> {
    let outer = Bubblewrap::new()
        .empty("/tmp", 1_000_000)
        .empty(TESTS, 1_000_000)
        .read_only("/etc", COPIES);
    let inner = Bubblewrap::sharing_network().empty("/tmp", 1_000_000).writable(TESTS, TESTS);
    let mut words = outer.words(user);
    words.extend(inner.limited(User::Own, Limits::PROGRAM));
    // A fork, because a limit of processes may count those of the whole machine.
    words.extend(["sh", "-c", "true & wait $!"].map(Into::into));
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]);
    match run_bounded(&mut command, TIME, 1000) {
        Ok(Ended::ByItself(output)) if output.status.success() => Ok(()),
        Ok(Ended::ByItself(output)) => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(format!("a trial of bwrap ended with {}: {}", output.status, said.trim()))
        }
        Ok(Ended::Late | Ended::Waiting) => Err("a trial of bwrap did not end".to_owned()),
        Err(error) => Err(format!("bwrap does not start: {error}")),
    }
}

fn refusal(why: &str) -> Error {
    Error::failed("cannot make a sandbox for submissions, so nothing was judged", why).advice(
        "Install bubblewrap 0.8 or newer and util-linux, and allow user namespaces:\n\
         \x20 Debian, Ubuntu  apt-get install bubblewrap util-linux\n\
         \x20 Fedora          dnf install bubblewrap util-linux\n\
         `--sandbox none` judges without a sandbox. Then each submission has all your rights, so use it\n\
         only for submissions that you trust.",
    )
}

#[cfg(target_os = "linux")]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

#[cfg(not(target_os = "linux"))]
fn is_root() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kernel_that_counts_the_processes_of_all_boxes_together_is_refused() {
        for old in ["4.18.0-553.el8.x86_64", "5.10.0-28-amd64", "5.13"] {
            let why = check_kernel(old).expect_err(old);
            assert!(why.contains(old) && why.ends_with("use Linux 5.14 or newer"), "{why}");
        }
        for new in ["5.14.0-427.el9.x86_64", "6.8.0-31-generic", "10.0", "unknown"] {
            assert_eq!(check_kernel(new), Ok(()), "{new}");
        }
    }
}
