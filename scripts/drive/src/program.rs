//! The program that is driven: a server, which ends with everything that it has started.

use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::SyncSender;
use std::thread::JoinHandle;
use std::time::Duration;

use process_tree::poll::poll_for;
use process_tree::{RUN_ID, RunId, kill_by_run_id, kill_tree, signal};

use crate::command::Signal;
use crate::event::{Event, read_output};

/// How long a program may take to end after it has closed its output.
const ENDING: Duration = Duration::from_secs(1);

/// The program. It ends when this is dropped.
#[derive(Debug)]
pub struct Program {
    child: Child,
    run: RunId,
    readers: Vec<JoinHandle<()>>,
}

impl Program {
    /// Starts `words` with these `variables`, and with what it prints as events.
    pub fn start(
        words: &[String],
        variables: &[(String, String)],
        events: &SyncSender<Event>,
    ) -> io::Result<Program> {
        let (name, arguments) = words.split_first().ok_or(io::ErrorKind::InvalidInput)?;
        let run = RunId::new();
        let mut command = Command::new(name);
        command.args(arguments).env(RUN_ID, run.as_str()).env("NO_COLOR", "1");
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        // The place of a panic is enough. A backtrace would fill the ladder.
        command.env("RUST_BACKTRACE", "0");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Its own group: Ctrl-C on the terminal is for us, and we end it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let stdout = child.stdout.take().expect("it is piped");
        let stderr = child.stderr.take().expect("it is piped");
        let readers = vec![
            read_output(stdout, "stdout", events.clone()),
            read_output(stderr, "stderr", events.clone()),
        ];
        Ok(Program { child, run, readers })
    }

    /// Sends it `signal`. `false` where there are no signals.
    pub fn signal(&self, signal: Signal) -> bool {
        let send = match signal {
            Signal::Pause => signal::pause,
            Signal::Resume => signal::resume,
            Signal::Interrupt => signal::interrupt,
            Signal::Terminate => signal::terminate,
        };
        send(self.child.id())
    }

    /// How it ended, if it does so soon. It is not waited for, so its id stays its own.
    pub fn exit_status(&mut self) -> Option<ExitStatus> {
        let mut status = None;
        poll_for(ENDING, || {
            status = signal::peek_exit_status(&mut self.child).ok().flatten();
            status.is_some()
        });
        status
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        kill_tree(self.child.id());
        kill_by_run_id(&self.run, self.child.id(), Vec::new);
        // It was killed, so there is nothing to learn from its end, and its output has ended, too.
        let _ = self.child.wait();
        for reader in self.readers.drain(..) {
            let _ = reader.join();
        }
    }
}
