//! The limits of this process. Many connections need more descriptors than the usual limit.

/// Lets this process, and everything that it starts from now on, open `count` files
/// (RLIMIT_NOFILE). `false`: the system forbids it, and the test should be skipped.
///
/// The usual limit is 1,024, and on macOS 256, for the sake of programs that use select(2); each
/// process may raise it up to the hard limit.
#[cfg(unix)]
pub fn allow_open_files(count: u64) -> bool {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
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
