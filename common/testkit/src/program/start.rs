//! Starting the program under test.

use super::handover::hand_over;
use super::hosts_file::HostsFile;
use super::library_path;
use super::process::Process;
use super::server::Server;
use super::subject::{Subject, program_name, wrapper};
use crate::child::{Launch, Pty};
use report::bytes::show;
use report::env::PREFIX;
use report::{Action, Role};
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where most servers listen; not worth a mention in the ladder.
const ANY_PORT: &str = "127.0.0.1:0";

/// A word of a command line: in quotes, with escapes, if it might be taken for several or for none.
fn shown_word(word: &str) -> String {
    let is_plain = |sign: char| !sign.is_whitespace() && !sign.is_control() && sign != '"';
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => show(word.as_bytes()),
    }
}

impl Subject {
    /// Starts `serve --listen 127.0.0.1:0 ARGS` and waits for `listening on ADDRESS`.
    pub fn serve<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Server {
        self.serve_as("serve", ANY_PORT, args)
    }

    /// Starts `COMMAND --listen ADDRESS ARGS` and waits for `listening on ADDRESS`.
    pub fn serve_as<'a>(
        &self,
        command: &'a str,
        address: &'a str,
        args: impl IntoIterator<Item = &'a str>,
    ) -> Server {
        Server::started(self.try_serve_as(command, address, args))
    }

    /// The same for a program that may fail to listen. The caller checks its output.
    pub fn try_serve_as<'a>(
        &self,
        command: &'a str,
        address: &'a str,
        args: impl IntoIterator<Item = &'a str>,
    ) -> Process {
        let words: Vec<&str> = [command, "--listen", address].into_iter().chain(args).collect();
        self.start(Role::Server, &words)
    }

    /// Runs a client: `ARGS` as they stand.
    pub fn run<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Process {
        let words: Vec<&str> = args.into_iter().collect();
        self.start(Role::Client, &words)
    }

    /// The same for a command that talks to no peer. A failure calls it the program.
    pub fn run_tool<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Process {
        let words: Vec<&str> = args.into_iter().collect();
        self.start(Role::Tool, &words)
    }

    fn start(&self, role: Role, args: &[&str]) -> Process {
        let name = self.note_start(args);
        for folder in self.context.folders() {
            if let Err(reason) = hand_over(&folder) {
                self.context.fail_by_machine(&reason);
            }
        }
        let command = self.build_command(args);
        let pty = self.has_terminal.then(Pty::new).flatten();
        let args = self.end_of_command_line(args);
        let launch = Launch { role, name, command, args, capture: self.capture, pty };
        Process::start(&self.context, launch)
    }

    /// Returns the name of this run in the ladder.
    fn note_start(&self, args: &[&str]) -> String {
        let title = format!("{} {}", program_name(&self.words), args.first().unwrap_or(&""));
        let shown: Vec<String> = args.iter().skip(1).map(|word| shown_word(word)).collect();
        let shown = shown.join(" ");
        // Every server gets this address; where it is given more, that is what matters.
        let shown = shown.strip_prefix(&format!("--listen {ANY_PORT} ")).unwrap_or(&shown);
        let shown = if shown.is_empty() { "no arguments" } else { shown };
        let folders = self.folders_of_test(args);
        let mut ladder = self.context.ladder();
        ladder.surroundings(&folders, &self.variables);
        ladder.action(Action::Start(args.iter().map(|arg| (*arg).to_owned()).collect()));
        let name = ladder.name_run(title.trim());
        ladder.remark_of(&name, format!("started with {shown}"));
        name
    }

    /// The test's folders, also those that it made without its subject and names in `args`.
    fn folders_of_test(&self, args: &[&str]) -> Vec<PathBuf> {
        let mut folders = self.context.folders();
        let place = env::temp_dir();
        let is_temporary = |path: &&Path| path.parent() == Some(&place) && path.is_dir();
        for folder in args.iter().map(Path::new).filter(is_temporary) {
            if !folders.iter().any(|known| known == folder) {
                folders.push(folder.to_owned());
            }
        }
        folders
    }

    /// All words but the first one, which another may replace: `python3` by `/usr/bin/python3`.
    fn end_of_command_line(&self, args: &[&str]) -> Vec<String> {
        let program = self.words.iter().map(|word| word.to_string_lossy().into_owned());
        let mut words: Vec<String> =
            program.chain(args.iter().map(|arg| (*arg).to_owned())).collect();
        if words.len() > 1 {
            words.remove(0);
        }
        words
    }

    fn build_command(&self, args: &[&str]) -> Command {
        let mut command = self.command_of(&self.words);
        command.args(args);
        command
    }

    /// The command `program`, in the surroundings of this subject.
    pub(super) fn command_of(&self, program: &[OsString]) -> Command {
        let mut words: Vec<OsString> = self.limiting_shell();
        words.extend(self.hosts_file.iter().flat_map(HostsFile::words));
        words.extend(self.prefix.iter().cloned());
        words.extend(wrapper());
        words.extend(self.inside.iter().cloned());
        words.extend(program.iter().cloned());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]);
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        // What steers the kit does not concern the program, LAB_REPORT least of all.
        let steers = |name: &OsString| name.to_string_lossy().starts_with(PREFIX);
        for (name, _) in env::vars_os().filter(|(name, _)| steers(name)) {
            command.env_remove(name);
        }
        library_path::restore(&mut command);
        command.env("RUST_BACKTRACE", "0").env("NO_COLOR", "1");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// `ulimit` in a shell that then becomes the program. It is the same process, so its id, its
    /// signals and its exit status are the program's.
    fn limiting_shell(&self) -> Vec<OsString> {
        if self.limits.is_empty() || !cfg!(unix) {
            return Vec::new();
        }
        let script = format!("{} && exec \"$@\"", self.limits.join(" && "));
        ["sh", "-c", &script, "sh"].map(OsString::from).to_vec()
    }
}
