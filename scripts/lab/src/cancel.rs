//! Cancelling a run: ending its compilers and tests, and starting no more of them.

use std::collections::BTreeSet;
use std::io;
use std::process::{Child, Command, ExitStatus, Output, Stdio, exit};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use process_tree::kill_test_process;

use crate::error::Exit;
use crate::temporary;

/// Starts the processes of one run. [`CancellationToken::cancel`] ends them. Clones are handles of the
/// same run.
#[derive(Clone, Debug, Default)]
pub struct CancellationToken {
    /// Locked during each start, so that a process is either known here or never started.
    run: Arc<Mutex<Run>>,
}

#[derive(Debug, Default)]
struct Run {
    is_cancelled: bool,
    /// The ids of the running processes.
    running: BTreeSet<u32>,
}

impl Run {
    fn cancel(&mut self) {
        self.is_cancelled = true;
        self.running.iter().copied().for_each(kill_test_process);
    }
}

impl CancellationToken {
    /// For programs that end with their only run. Ctrl-C cancels it, and then ends this process.
    pub fn of_process() -> CancellationToken {
        static TOKEN: OnceLock<CancellationToken> = OnceLock::new();
        let cancelled_by_interrupt = || {
            let token = CancellationToken::default();
            token.cancel_on_interrupt();
            token
        };
        TOKEN.get_or_init(cancelled_by_interrupt).clone()
    }

    /// Starts `command` in its own process group, so that a kill reaches every process in the group.
    ///
    /// # Errors
    ///
    /// The run is cancelled, or the program cannot be started.
    pub fn start(&self, command: &mut Command) -> io::Result<Child> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let mut run = self.lock();
        if run.is_cancelled {
            return Err(io::Error::other("the run is cancelled"));
        }
        let child = command.spawn()?;
        run.running.insert(child.id());
        Ok(child)
    }

    /// Waits until `child`, which [`CancellationToken::start`] started, has ended.
    pub fn wait(&self, child: &mut Child) -> io::Result<ExitStatus> {
        let status = child.wait();
        self.lock().running.remove(&child.id());
        status
    }

    /// Runs `command` to its end, and returns its output.
    pub fn output(&self, command: &mut Command) -> io::Result<Output> {
        let child = self.start(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
        let pid = child.id();
        let output = child.wait_with_output();
        self.lock().running.remove(&pid);
        output
    }

    /// Ends all processes of the run with their children. From now on, none starts.
    pub fn cancel(&self) {
        self.lock().cancel();
    }

    /// The same, and what `end_others` ends. Then removes temporary folders and ends this process, as
    /// Ctrl-C should.
    pub fn end_process(&self, end_others: impl FnOnce()) -> ! {
        // Locked to the end. So no thread takes a killed process for a result, and ends first.
        let mut run = self.lock();
        run.cancel();
        end_others();
        temporary::remove_all();
        exit(Exit::Interrupted as i32)
    }

    /// Returns unless [`CancellationToken::end_process`] is ending this process. A thread that sees its
    /// temporary files disappear must not end the process first, with an error.
    pub fn wait_unless_ending(&self) {
        drop(self.lock());
    }

    /// Whether the run was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.lock().is_cancelled
    }

    /// The processes have their own process groups, so the terminal does not send them SIGINT.
    fn cancel_on_interrupt(&self) {
        let token = self.clone();
        // Fails only if a handler is set already. Then that one stays.
        let _ = ctrlc::set_handler(move || token.end_process(|| ()));
    }

    fn lock(&self) -> MutexGuard<'_, Run> {
        self.run.lock().expect("no thread panics with the lock")
    }
}
