//! Limits of one process (getrlimit(2)), set by prlimit(1).

use std::ffi::OsString;

/// What each process of a box may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Address space, in bytes.
    pub memory: u64,
    /// Processor time, in seconds.
    pub cpu: u64,
    /// The length of a file that it writes, in bytes.
    pub file: u64,
    /// Processes and threads of the box.
    pub processes: u64,
}

impl Limits {
    /// For the compiler.
    pub const BUILD: Limits =
        Limits { memory: 4_000_000_000, cpu: 20, file: 200_000_000, processes: 200 };

    /// For a submitted program, which a suite starts many times.
    pub const PROGRAM: Limits =
        Limits { memory: 3_000_000_000, cpu: 30, file: 200_000_000, processes: 128 };

    /// The command that sets them and then becomes the command after it.
    pub fn words(&self) -> Vec<OsString> {
        let limit = |name: &str, value: u64| OsString::from(format!("--{name}={value}"));
        vec![
            "prlimit".into(),
            limit("as", self.memory),
            limit("cpu", self.cpu),
            limit("fsize", self.file),
            limit("nproc", self.processes),
            limit("core", 0),
            "--".into(),
        ]
    }
}
