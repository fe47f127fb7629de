//! The student's editor, opened at a place.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use report::Place;

/// An editor, as `VISUAL` or `EDITOR` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editor {
    program: String,
    arguments: Vec<String>,
}

/// Editors that open a window of their own: `PROGRAM FILE:LINE`, after the option if there is one.
const WITH_WINDOW: [(&str, Option<&str>); 8] = [
    ("code", Some("--goto")),
    ("code-insiders", Some("--goto")),
    ("codium", Some("--goto")),
    ("cursor", Some("--goto")),
    ("windsurf", Some("--goto")),
    ("subl", None),
    ("zed", None),
    ("zeditor", None),
];

/// Editors in the terminal that take `+LINE FILE`.
const WITH_PLUS: [&str; 12] =
    ["vi", "vim", "nvim", "nano", "emacs", "emacsclient", "micro", "kak", "ne", "joe", "mg", "vis"];

/// Editors in the terminal that take `FILE:LINE`.
const WITH_COLON: [&str; 2] = ["hx", "helix"];

impl Editor {
    /// The editor that the environment names. `VISUAL` is for terminals like this one, and `EDITOR` may
    /// be one for a teletype (environ(7)).
    pub fn of_environment() -> Option<Editor> {
        let set = |name: &str| env::var(name).ok().filter(|value| !value.trim().is_empty());
        Editor::parse(&set("VISUAL").or_else(|| set("EDITOR"))?)
    }

    /// The editor of a command line such as `code --wait`.
    pub fn parse(text: &str) -> Option<Editor> {
        // On Windows, `\` is between the parts of a path.
        let text = if cfg!(windows) { text.replace('\\', r"\\") } else { text.to_owned() };
        let mut words = shlex::split(&text)?.into_iter();
        Some(Editor { program: words.next()?, arguments: words.collect() })
    }

    /// The program to start.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// A call of it that opens `place`, whose file is in the folder `root`.
    pub fn command(&self, root: &Path, place: &Place) -> Command {
        let folders = env::var_os("PATH").unwrap_or_default();
        let found = cfg!(windows).then(|| with_extension(&self.program, &folders)).flatten();
        let mut command = Command::new(found.unwrap_or_else(|| self.program.clone().into()));
        command.args(self.arguments(root, place)).current_dir(root);
        command
    }

    /// Whether it opens a window, so that the screen can stay as it is.
    pub fn has_window(&self) -> bool {
        WITH_WINDOW.iter().any(|(name, _)| *name == self.name())
    }

    /// Its arguments to open `place`, whose file is in the folder `root`. An editor that we do not know
    /// gets the file alone.
    pub fn arguments(&self, root: &Path, place: &Place) -> Vec<OsString> {
        let file = root.join(&place.file).into_os_string();
        let mut with_line = file.clone();
        with_line.push(format!(":{}", place.line));
        let own = self.arguments.iter().map(OsString::from);
        let name = self.name();
        if let Some((_, option)) = WITH_WINDOW.iter().find(|(editor, _)| *editor == name) {
            return own.chain(option.map(OsString::from)).chain([with_line]).collect();
        }
        if WITH_COLON.contains(&name.as_str()) {
            return own.chain([with_line]).collect();
        }
        let plus = WITH_PLUS.contains(&name.as_str()).then(|| format!("+{}", place.line).into());
        own.chain(plus).chain([file]).collect()
    }

    /// `code` of `C:\Programs\code.cmd`.
    fn name(&self) -> String {
        let name = Path::new(&self.program).file_stem().unwrap_or_default();
        name.to_string_lossy().to_lowercase()
    }
}

/// What Windows adds to the name of a program, in this order.
const EXTENSIONS: [&str; 4] = ["com", "exe", "bat", "cmd"];

/// The file that a shell of Windows starts for `program`, which is looked for in `folders` (PATH).
/// `None`: it has its extension, or there is no such file.
///
/// `Command` adds `.exe` only, and `code` is `code.cmd`. Beside it is a file `code`, which is a script
/// for another system. `Command` runs a batch file by `cmd.exe`, and quotes its arguments for it.
pub fn with_extension(program: &str, folders: &OsStr) -> Option<PathBuf> {
    let path = Path::new(program);
    let has =
        |extension: &&str| path.extension().is_some_and(|it| it.eq_ignore_ascii_case(extension));
    if EXTENSIONS.iter().any(has) {
        return None;
    }
    let is_name = path.components().count() == 1;
    let folders: Vec<PathBuf> =
        if is_name { env::split_paths(folders).collect() } else { vec![PathBuf::new()] };
    let files = folders.iter().flat_map(|folder| {
        EXTENSIONS.map(|extension| folder.join(format!("{program}.{extension}")))
    });
    files.into_iter().find(|file| file.is_file())
}
