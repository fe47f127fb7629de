//! The limits of this process, and of a program that it has started. Many connections need more
//! descriptors than the usual limit, and many clients more threads.

#[cfg(target_os = "linux")]
use rustix::process::{Pid, prlimit};
#[cfg(unix)]
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files that the tests of one process open, when many of them run at the same time.
pub const OPEN_FILES: u64 = 1024;

/// Lets this process, and everything that it starts from now on, open `count` files
/// (RLIMIT_NOFILE). `false`: the system forbids it, and the test should be skipped.
///
/// The usual limit is 1,024, and on macOS 256, for the sake of programs that use select(2); each
/// process may raise it up to the hard limit.
#[cfg(unix)]
pub fn allow_open_files(count: u64) -> bool {
    // `None` is "no limit".
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_none_or(|current| current >= count) {
        return true;
    }
    maximum.is_none_or(|maximum| maximum >= count)
        && setrlimit(Resource::Nofile, Rlimit { current: Some(count), maximum }).is_ok()
}

/// Windows counts no descriptors.
#[cfg(not(unix))]
pub fn allow_open_files(_count: u64) -> bool {
    true
}

/// Lets the process `pid` open no further file, from now on. What it has open stays open. `false`,
/// and nothing done, where the system cannot do that, or forbids it.
#[cfg(target_os = "linux")]
pub fn forbid_new_files(pid: u32) -> bool {
    // Those of stdin, stdout and stderr. A new file gets a number below the limit (RLIMIT_NOFILE).
    const STANDARD_STREAMS: u64 = 3;
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    let none = Rlimit { current: Some(STANDARD_STREAMS), maximum: Some(STANDARD_STREAMS) };
    pid.is_some_and(|pid| prlimit(Some(pid), Resource::Nofile, none).is_ok())
}

/// Only Linux changes the limits of another process.
#[cfg(not(target_os = "linux"))]
pub fn forbid_new_files(_pid: u32) -> bool {
    false
}

/// How many files this process may open after [`allow_open_files`]: the hard limit. `None`: any
/// number.
#[cfg(unix)]
pub fn most_open_files() -> Option<u64> {
    getrlimit(Resource::Nofile).maximum
}

/// Lets the user of this process have as many processes and threads as the system allows
/// (RLIMIT_NPROC). Returns how many that is, `None` if any number.
#[cfg(unix)]
pub fn allow_processes() -> Option<u64> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nproc);
    // An error leaves the limit as it is. It is no larger than `maximum`.
    let _ = setrlimit(Resource::Nproc, Rlimit { current: maximum, maximum });
    maximum
}

/// Windows has neither limit.
#[cfg(not(unix))]
pub fn most_open_files() -> Option<u64> {
    None
}

/// The same for processes.
#[cfg(not(unix))]
pub fn allow_processes() -> Option<u64> {
    None
}
