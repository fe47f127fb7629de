//! The scripts in real shells, and the man pages. A shell that this machine lacks is skipped.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn shell(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shell")).args(words).output().expect("it starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A shell, and how it is asked for candidates without a terminal.
struct Completing {
    program: &'static str,
    options: &'static [&'static str],
    /// What runs before our script.
    before: &'static str,
    /// What prints the candidates. `@line@` is the command line, `@words@` its words in quotes.
    ask: &'static str,
}

impl Completing {
    /// What the shell prints for `line`. `None`: this machine has no such shell.
    fn candidates(&self, line: &str) -> Option<String> {
        let script = text(&shell(&["completions", self.program]).stdout);
        let words = format!("'{}'", line.replace(' ', "' '"));
        let ask = self.ask.replace("@line@", line).replace("@words@", &words);
        let mut command = Command::new(self.program);
        command.args(self.options).arg("-c").arg([self.before, &script, &ask].join("\n"));
        // bash warns on stderr of a locale that this machine lacks.
        command.env("LC_ALL", "C");
        // The bash of Windows has other paths than the program.
        let output = command.current_dir(root()).output().ok().filter(|_| cfg!(unix));
        let Some(output) = output else {
            eprintln!("skipped: there is no {}", self.program);
            return None;
        };
        assert_eq!(text(&output.stderr), "", "{}", self.program);
        Some(text(&output.stdout))
    }

    /// Each row of `table` is a command line and a word among its candidates.
    fn check(&self, table: &[(&str, &str)]) {
        for (line, wanted) in table {
            let Some(candidates) = self.candidates(line) else { return };
            let has_it = candidates.split(['\n', '\t', ' ', ':']).any(|word| word == *wanted);
            assert!(has_it, "{}: {line} => {wanted}, not\n{candidates}", self.program);
        }
    }
}

const BASH: Completing = Completing {
    program: "bash",
    options: &["--norc"],
    before: "_of_cargo() { COMPREPLY=(build); }; complete -F _of_cargo cargo",
    ask: r#"COMP_WORDS=(@words@); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_TYPE=9
        _cargo_or_cargo_lab cargo "${COMP_WORDS[COMP_CWORD]}" lab; echo "${COMPREPLY[@]}""#,
};

/// Without a line editor, zsh has neither `compdef` nor `_describe`, which shows the candidates.
const ZSH: Completing = Completing {
    program: "zsh",
    options: &["-f"],
    before: "_of_cargo() { print build }; typeset -A _comps=(cargo _of_cargo); compdef() { }",
    ask: "_describe() { local list=$argv[-1]; print -l -- ${(@P)list} }
        words=(@words@); CURRENT=$#words; _cargo_or_cargo_lab",
};

const FISH: Completing = Completing {
    program: "fish",
    options: &["--no-config"],
    before: "complete --command cargo --arguments build",
    ask: "complete --do-complete '@line@'",
};

/// Command lines and a candidate of each: a command, a lab, a step of that lab, a value, and what the
/// shell had for cargo before.
const TABLE: &[(&str, &str)] = &[
    ("cargo lab te", "test"),
    ("cargo lab test 0", "01-echo"),
    ("cargo lab hint 01 ", "listen"),
    ("cargo +stable lab hint 02-multithreaded ", "framing"),
    ("cargo lab completions ", "zsh"),
    ("cargo lab replay 01 a_text_comes", "a_text_comes_back"),
    ("cargo lab trace ", "03-udp"),
    ("cargo lab trace 01 a_text_comes", "a_text_comes_back"),
    ("cargo lab compare 02 --diff ", "framing"),
    ("cargo lab drive ", "03-udp"),
    ("cargo lab watch ", "03-udp"),
    ("cargo lab verify --ro", "--rounds"),
    ("cargo lab compare 01 --ro", "--rounds"),
    ("cargo lab report --can", "--canvas"),
    ("cargo lab similar submissions --le", "--least"),
    ("cargo lab trace 01 a_text_comes_back --sv", "--svg"),
    ("cargo lab man tr", "trace"),
    ("cargo bu", "build"),
];

/// Command lines that take no test.
const WITHOUT_TESTS: &[&str] =
    &["cargo lab drive 01 ", "cargo lab compare 01 ", "cargo lab compare 01 --diff "];

#[test]
fn bash_completes_after_cargo_lab() {
    BASH.check(TABLE);
}

#[test]
fn a_test_is_offered_only_where_a_command_takes_one() {
    for line in WITHOUT_TESTS {
        let candidates = BASH.candidates(line).unwrap_or_default();
        assert!(!candidates.contains("a_text_comes_back"), "{line} => {candidates}");
    }
}

#[test]
fn zsh_completes_after_cargo_lab() {
    ZSH.check(TABLE);
}

#[test]
fn fish_completes_after_cargo_lab() {
    FISH.check(TABLE);
}

#[test]
fn the_man_page_names_every_command() {
    let page = text(&shell(&["man"]).stdout);
    for command in ["test", "hint", "reset", "doctor", "completions", "man"] {
        assert!(page.contains(&format!("lab\\-{command}(1)")), "{command} in\n{page}");
    }
    let page = text(&shell(&["man", "hint"]).stdout);
    assert!(page.contains("cargo\\-lab\\-hint") || page.contains("cargo-lab-hint"), "{page}");
}

#[test]
fn the_man_page_of_a_program_of_its_own_has_its_options() {
    for (command, option) in [
        ("trace", "pcapng"),
        ("compare", "rounds"),
        ("drive", "format"),
        ("replay", "format"),
        ("verify", "rounds"),
        ("report", "policy"),
        ("similar", "least"),
    ] {
        let page = text(&shell(&["man", command]).stdout);
        assert!(page.contains(&format!("\\-\\-{option}")), "{command}: {page}");
    }
}

#[test]
fn an_unknown_command_has_no_man_page() {
    let output = shell(&["man", "tset"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.starts_with("error: cargo lab has no command `tset`: its commands are"), "{said}");
}
