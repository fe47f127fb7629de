//! Limits of one process (getrlimit(2)).

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
    /// For the compiler. On a busy machine, the model answer of lab 01 takes 0.8 s of processor time,
    /// and that of lab 10 takes 2 s.
    pub const BUILD: Limits =
        Limits { memory: 4_000_000_000, cpu: 10, file: 200_000_000, processes: 200 };

    /// For a submitted program, which a suite starts many times. A server may need a thread for each of
    /// a thousand clients, and each thread has a stack of 2 MiB.
    pub const PROGRAM: Limits =
        Limits { memory: 4_000_000_000, cpu: 30, file: 200_000_000, processes: 1_200 };

    /// For git, which may start the programs that a clone names. Their output is in files of this
    /// machine.
    pub const GIT: Limits =
        Limits { memory: 2_000_000_000, cpu: 20, file: 128 * 1024 * 1024, processes: 200 };
}
