//! The limits of this process. Many connections need more descriptors than the usual limit, and
//! many clients more threads.

#[cfg(unix)]
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

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
