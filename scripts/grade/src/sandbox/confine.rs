//! The last step before an untrusted command: this program sets its limits, locks itself if folders are
//! named, and becomes the command.
//!
//! ```text
//! bwrap BOX ── launcher --confine LIMITS FOLDERS -- ── exec ──▶ COMMAND
//! ```
//!
//! The lock is Landlock (landlock(7)), where the kernel has it: the command can write to these folders
//! only, and mount nothing. A hole in the box alone then does not let it out.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::limits::Limits;

/// Where each box shows this program.
pub const LAUNCHER: &str = "/box/launcher";

/// The argument that makes a program the launcher.
const ARGUMENT: &str = "--confine";

/// The end of the folders.
const END: &str = "--";

/// The words before a command that runs within `limits` and writes only below `folders`. Without a
/// folder, nothing is locked.
pub fn words(limits: Limits, folders: &[&Path]) -> Vec<OsString> {
    let Limits { memory, cpu, file, processes } = limits;
    let mut words: Vec<OsString> = vec![LAUNCHER.into(), ARGUMENT.into()];
    words.extend([memory, cpu, file, processes].map(|limit| limit.to_string().into()));
    words.extend(folders.iter().map(OsString::from));
    words.push(END.into());
    words
}

/// The program of this process, which a box shows as its launcher.
pub fn this_program() -> PathBuf {
    let program = env::current_exe().unwrap_or_default();
    // Linux names a program so if a build has replaced its file (proc_pid_exe(5)).
    let shown = program.to_str().and_then(|path| path.strip_suffix(" (deleted)"));
    let program = shown.map(PathBuf::from).unwrap_or(program);
    // Cargo keeps test programs in the folder `deps` beside the program.
    match program.parent() {
        Some(folder) if folder.ends_with("deps") => folder.with_file_name("grade"),
        _ => program,
    }
}

/// Becomes the command, if the arguments of this process ask for it.
pub fn run_if_asked() {
    let mut arguments = env::args_os().skip(1);
    if arguments.next().is_some_and(|argument| argument == ARGUMENT) {
        let arguments: Vec<OsString> = arguments.collect();
        eprintln!("cannot start the program in its box: {}", become_command(&arguments));
        std::process::exit(127);
    }
}

/// Returns only if it fails, with the reason.
fn become_command(arguments: &[OsString]) -> String {
    let end = arguments.iter().position(|argument| argument == END);
    let parts =
        end.and_then(|end| Some((parse(arguments.get(..4)?)?, arguments.get(4..end)?, end)));
    let Some((limits, folders, end)) = parts else { return "wrong arguments".to_owned() };
    match &arguments[end + 1..] {
        [program, arguments @ ..] => system::confine_and_exec(limits, folders, program, arguments),
        [] => "no command".to_owned(),
    }
}

fn parse(limits: &[OsString]) -> Option<Limits> {
    let number = |place: usize| limits[place].to_str()?.parse().ok();
    Some(Limits { memory: number(0)?, cpu: number(1)?, file: number(2)?, processes: number(3)? })
}

#[cfg(target_os = "linux")]
mod system {
    use std::ffi::{OsStr, OsString};
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    use landlock::{
        ABI, AccessFs, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError, path_beneath_rules,
    };
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    use crate::sandbox::limits::Limits;

    pub fn confine_and_exec(
        limits: Limits,
        folders: &[OsString],
        program: &OsStr,
        arguments: &[OsString],
    ) -> String {
        if !folders.is_empty()
            && let Err(error) = lock(folders)
        {
            return error.to_string();
        }
        if let Err(error) = set(limits) {
            return error.to_string();
        }
        // glibc reserves 64 MB of address space for each of up to eight arenas a core. A server with a
        // thousand threads would reach its limit of memory on a machine with many cores.
        Command::new(program).args(arguments).env("MALLOC_ARENA_MAX", "8").exec().to_string()
    }

    /// An older kernel enforces the part that it knows.
    fn lock(folders: &[OsString]) -> Result<(), RulesetError> {
        let write = AccessFs::from_write(ABI::V5);
        let rules = path_beneath_rules(folders, write);
        Ruleset::default().handle_access(write)?.create()?.add_rules(rules)?.restrict_self()?;
        Ok(())
    }

    fn set(limits: Limits) -> rustix::io::Result<()> {
        let Limits { memory, cpu, file, processes } = limits;
        // At the soft limit of processor time the kernel sends SIGXCPU, and at the hard one SIGKILL,
        // which does not tell the reason.
        lower(Resource::Cpu, cpu, cpu + 2)?;
        lower(Resource::As, memory, memory)?;
        lower(Resource::Fsize, file, file)?;
        lower(Resource::Nproc, processes, processes)?;
        lower(Resource::Core, 0, 0)
    }

    /// A test may have set a lower limit, which cannot be raised.
    fn lower(resource: Resource, soft: u64, hard: u64) -> rustix::io::Result<()> {
        let now = getrlimit(resource);
        let least = |one: Option<u64>, other: u64| Some(one.map_or(other, |one| one.min(other)));
        let maximum = least(now.maximum, hard);
        setrlimit(resource, Rlimit { current: least(now.current, soft), maximum })
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::ffi::{OsStr, OsString};

    use crate::sandbox::limits::Limits;

    pub fn confine_and_exec(
        _limits: Limits,
        _folders: &[OsString],
        _program: &OsStr,
        _arguments: &[OsString],
    ) -> String {
        "there are no boxes on this system".to_owned()
    }
}
