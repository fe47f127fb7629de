//! The program under test: which it is, and how it is started.

use super::datagram_ports::{self, ClosedDatagramPort};
use super::datagrams::Datagrams;
use super::group::Group;
use super::host::{ClosedPort, Host};
use super::ladder::Way;
use super::names::Names;
use super::peer::Peer;
use super::process::{Listening, Process, Program, Server};
use super::session::{Session, quietly};
use super::terminal::Terminal;
use std::cell::Cell;
use std::env;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;

/// The program that the suite of this lab judges: `subject!("01")`.
///
/// It is `LAB_SUBJECT` where that is set; else the binary that cargo built with the suite: the
/// lab's, or its solution's.
#[macro_export]
macro_rules! subject {
    ($number:literal) => {{
        fn here() {}
        let built = ::std::option_env!(::std::concat!("CARGO_BIN_EXE_lab", $number))
            .or(::std::option_env!(::std::concat!("CARGO_BIN_EXE_solution", $number)));
        $crate::Subject::find($number, ::std::any::type_name_of_val(&here), built)
    }};
}

/// A program under test, in one test.
#[derive(Debug)]
pub struct Subject {
    session: Arc<Session>,
    words: Vec<OsString>,
    directory: Option<PathBuf>,
    limits: Vec<String>,
    variables: Vec<(String, String)>,
    inside: Vec<OsString>,
    names: Option<Names>,
    listening: Listening,
    has_terminal: bool,
}

impl Subject {
    /// What [`subject!`](crate::subject) expands to. `place` is the path of a function inside
    /// the test: its thread may have another name, or none.
    pub fn find(lab: &str, place: &str, built: Option<&str>) -> Subject {
        let place = place.strip_suffix("::here").unwrap_or(place);
        // A closure inside the test is still that test.
        let test = &place.replace("::{{closure}}", "");
        match env::var("LAB_SUBJECT").ok().filter(|command| !command.trim().is_empty()) {
            Some(command) => {
                // `python3 server.py` is relative to where the user typed it; cargo has
                // changed to the package's folder since, but has left us PWD.
                let typed_in = env::var_os("PWD").map(PathBuf::from).filter(|path| path.is_dir());
                let words = split(&command, typed_in.as_deref());
                Subject { directory: typed_in, ..Subject::command(lab, test, &words) }
            }
            None => {
                let built = built.expect("cargo builds the lab's binary with its suite");
                Subject::command(lab, test, &[built.to_owned()])
            }
        }
    }

    /// Any other command as the subject, for the kit's own tests.
    pub fn command(lab: &str, test: &str, words: &[String]) -> Subject {
        let session = Session::new(lab, test, program_name(words));
        Subject::of(session, words.iter().map(OsString::from).collect())
    }

    fn of(session: Arc<Session>, words: Vec<OsString>) -> Subject {
        Subject {
            session,
            words,
            directory: None,
            limits: Vec::new(),
            variables: Vec::new(),
            inside: Vec::new(),
            names: None,
            listening: Listening::ToAll,
            has_terminal: false,
        }
    }

    /// Another program in the same story, for the subject to talk to: `nc`, say.
    pub fn another<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Subject {
        let words = words.into_iter().map(OsString::from).collect();
        Subject::of(Arc::clone(&self.session), words)
    }

    /// At most `count` open descriptors for what is started from here (RLIMIT_NOFILE). On Unix;
    /// elsewhere there is no such limit, and a test that needs it has to be skipped.
    pub fn limit_open_files(mut self, count: usize) -> Subject {
        self.limits.push(format!("ulimit -n {count}"));
        self
    }

    /// At most `bytes` of address space for what is started from here (RLIMIT_AS). On Linux;
    /// elsewhere there is no such limit, and a test that needs it has to be skipped.
    pub fn limit_memory(mut self, bytes: usize) -> Subject {
        if cfg!(target_os = "linux") {
            self.limits.push(format!("ulimit -v {}", bytes / 1024));
        }
        self
    }

    /// Sets an environment variable for what is started from here.
    pub fn with_variable(mut self, name: &str, value: &str) -> Subject {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Lets names stand for addresses, several for one name if need be, for what is started from
    /// here. `None` where this machine does not let us; it does on most Linux machines.
    pub fn with_names(mut self, names: &[(&str, &str)]) -> Option<Subject> {
        self.names = Some(Names::new(names, &wrapper())?);
        Some(self)
    }

    /// Puts a command in front of the program's, for what is started from here: `unshare` with
    /// what a test needs to set up, for instance.
    pub fn inside(mut self, command: &[&str]) -> Subject {
        self.inside = command.iter().map(OsString::from).collect();
        self
    }

    /// Nobody reads what is started from here prints: its stderr is a closed pipe, and stdout is
    /// one after the first line.
    pub fn with_closed_pipes(mut self) -> Subject {
        self.listening = Listening::ToTheFirstLine;
        self
    }

    /// What is started from here has a terminal for its stderr, and no pipe. `None` where there is
    /// none to be had; on Unix there is.
    pub fn on_terminal(mut self) -> Option<Subject> {
        Terminal::new()?;
        self.has_terminal = true;
        Some(self)
    }

    /// Starts `serve --listen 127.0.0.1:0 ARGS` and waits for `listening on ADDRESS`.
    pub fn serve<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Server {
        self.serve_as("serve", "127.0.0.1:0", args)
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

    /// The same, but it may fail to listen: expect what it says.
    pub fn try_serve_as<'a>(
        &self,
        command: &'a str,
        address: &'a str,
        args: impl IntoIterator<Item = &'a str>,
    ) -> Process {
        let words = [command, "--listen", address].into_iter().chain(args);
        self.start("server", words.collect())
    }

    /// Runs a client: `ARGS` as they stand.
    pub fn run<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Process {
        self.start("client", args.into_iter().collect())
    }

    /// A server of ours, for clients to talk to; `name` is its name in the ladder.
    pub fn host(&self, name: &str) -> Host {
        Host::listen(&self.session, name)
    }

    /// A server of ours at a port that was closed until now; `name` is its name in the ladder.
    pub fn host_at(&self, port: ClosedPort, name: &str) -> Host {
        Host::over(&self.session, name, port.open())
    }

    /// Somebody on a UDP port of ours, for clients to ask: it talks to whoever spoke last.
    pub fn datagram_host(&self, name: &str) -> Datagrams {
        Datagrams::host(&self.session, name, datagram_ports::open())
    }

    /// The same at a port that was closed until now.
    pub fn datagram_host_at(&self, port: ClosedDatagramPort, name: &str) -> Datagrams {
        Datagrams::host(&self.session, name, port.open())
    }

    /// Somebody who sends to `theirs` from another port than anybody expects.
    pub fn stranger(&self, name: &str, theirs: SocketAddr) -> Datagrams {
        Datagrams::caller(&self.session, name, datagram_ports::open(), theirs)
    }

    /// The multicast group `ip`, on loopback and a free port; `None` where that does not work.
    pub fn group(&self, ip: &str) -> Option<Group> {
        Group::on_loopback(&self.session, ip.parse().expect("the test gives an IPv4 address"))
    }

    /// A folder of this test's own, gone with it.
    pub fn folder(&self) -> TempDir {
        TempDir::new().expect("the system's folder for temporary files can be written")
    }

    /// Holds one conversation in a dozen cuts with a server, `serve ARGS`: for each, connects a
    /// peer and gives it to `story` with the pieces to send. A failing cut is shrunk to a smallest
    /// one.
    pub fn for_any_cut(
        &self,
        args: &[&str],
        conversation: &[u8],
        story: impl Fn(&mut Peer, &[&[u8]]),
    ) {
        self.for_any_cut_as("serve", args, conversation, story);
    }

    /// The same with `COMMAND ARGS`.
    pub fn for_any_cut_as(
        &self,
        command: &str,
        args: &[&str],
        conversation: &[u8],
        story: impl Fn(&mut Peer, &[&[u8]]),
    ) {
        let unharmed: Cell<Option<Server>> = Cell::new(None);
        super::for_any_cut(conversation, |pieces| {
            // A server starts slowly, so the next story has the last one's. If that goes wrong, it
            // may be for what came before: a program that is half written serves one client, and
            // then comes to its next step. So only a server of its own tells what a story is worth.
            if let Some(server) = unharmed.take() {
                self.session.ladder().clear();
                if quietly(|| story(&mut server.connect("peer"), pieces)).is_ok() {
                    return unharmed.set(Some(server));
                }
            }
            self.session.start_over();
            let server = self.serve_as(command, "127.0.0.1:0", args.iter().copied());
            story(&mut server.connect("peer"), pieces);
            unharmed.set(Some(server));
        });
    }

    /// What to think about when an expectation fails whose peer or process says nothing itself:
    /// somebody cannot connect, or the program does not start.
    pub fn says(&self, think: &str) -> &Subject {
        self.session.says(think);
        self
    }

    /// Says that this test cannot be run here, and why.
    pub fn skip(&self, reason: &str) {
        self.session.skip(reason);
    }

    /// Fails unless `holds`: for what a test has found out by itself.
    pub fn check(&self, holds: bool, sentence: &str, think: &str) {
        self.session.check(holds, sentence, think);
    }

    fn start(&self, noun: &'static str, args: Vec<&str>) -> Process {
        let name =
            self.words.first().map(|word| program_name(&[word.to_string_lossy().into_owned()]));
        let title = format!("{} {}", name.unwrap_or_default(), args.first().unwrap_or(&""));
        // A script among the arguments may have many lines; here they are one.
        let shown = args.iter().skip(1).copied().collect::<Vec<_>>().join(" ").replace('\n', " ");
        // Every server gets this address; where it is given more, that is what matters.
        let shown = shown.strip_prefix("--listen 127.0.0.1:0 ").unwrap_or(&shown);
        let mut ladder = self.session.ladder();
        ladder.name_program(title.trim().to_owned());
        ladder.note(
            "",
            Way::Aside,
            format!("started with {}", if shown.is_empty() { "no arguments" } else { shown }),
        );
        drop(ladder);
        let program = self.words.iter().map(|word| word.to_string_lossy().into_owned());
        let whole: Vec<String> = program.chain(args.iter().map(|arg| (*arg).to_owned())).collect();
        // Without its first word, which another may replace: `python3` by `/usr/bin/python3`.
        let tail = if whole.len() > 1 { whole[1..].to_vec() } else { whole };
        let (command, listening) = (self.build_command(&args), self.listening);
        let terminal = self.has_terminal.then(Terminal::new).flatten();
        Process::start(&self.session, Program { noun, command, tail, listening, terminal })
    }

    fn build_command(&self, args: &[&str]) -> Command {
        let mut words: Vec<OsString> = self.limiting_shell();
        words.extend(self.names.iter().flat_map(Names::words));
        words.extend(self.inside.iter().cloned());
        words.extend(wrapper());
        words.extend(self.words.iter().cloned());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(args);
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        // What steers the kit is none of the program's business, LAB_REPORT least of all.
        for (name, _) in
            env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LAB_"))
        {
            command.env_remove(name);
        }
        command.env("RUST_BACKTRACE", "0").env("NO_COLOR", "1");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// `ulimit` in a shell that then becomes the program: the same process, so that its id, its
    /// signals and its exit status are the program's.
    fn limiting_shell(&self) -> Vec<OsString> {
        if self.limits.is_empty() || !cfg!(unix) {
            return Vec::new();
        }
        let script = format!("{} && exec \"$@\"", self.limits.join(" && "));
        ["sh", "-c", &script, "sh"].map(OsString::from).to_vec()
    }
}

/// What the grader puts in front of every program: `LAB_SUBJECT_WRAPPER`.
fn wrapper() -> Vec<OsString> {
    let command = env::var("LAB_SUBJECT_WRAPPER").unwrap_or_default();
    split(&command, None).into_iter().map(OsString::from).collect()
}

/// A command line as a shell splits it; a path that exists is taken as it is.
fn split(command: &str, typed_in: Option<&Path>) -> Vec<String> {
    let path = typed_in.map_or(PathBuf::from(command), |folder| folder.join(command));
    if path.exists() {
        return vec![command.to_owned()];
    }
    shlex::split(command).unwrap_or_else(|| vec![command.to_owned()])
}

fn program_name(words: &[String]) -> String {
    let stem = words.first().and_then(|word| Path::new(word).file_stem());
    stem.map_or("program".to_owned(), |stem| stem.to_string_lossy().into_owned())
}
