//! One student who chose every text to do harm, in every format.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fixture::{HOSTILE, hostile, model, write};

/// All files of a report on the hostile student, by name and text.
fn files() -> Vec<(String, String)> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    write(&path("r.jsonl"), &[hostile("01"), model("01", "anna")]);
    fs::write(path("canvas.csv"), "Student,ID,Section,Lab 01 (7)\nanna,anna,x,\n")
        .expect("a sheet");
    fs::write(path("moodle.csv"), "Identifier,Full name,ID number,Grade,Last modified (grade),Feedback comments\nParticipant 1,Anna,anna,,-,\n").expect("a sheet");
    let mut command = Command::new(env!("CARGO_BIN_EXE_class-report"));
    command.args(["r.jsonl", "--canvas", "canvas.csv", "--moodle", "moodle.csv", "--gradescope"]);
    command.args(["--classroom50", "--junit", "--jsonl", "--show-held-back"]);
    let output = command.current_dir(folder.path()).output().expect("it starts");
    assert!(output.status.success(), "{output:?}");
    let mut files: Vec<(String, String)> = all_under(&path("class-report"))
        .into_iter()
        .map(|file| (file.display().to_string(), fs::read_to_string(&file).expect("text")))
        .collect();
    files.push(("stdout".into(), String::from_utf8(output.stdout).expect("text")));
    files
}

fn all_under(folder: &Path) -> Vec<PathBuf> {
    lab::files::files_under(folder)
}

#[test]
fn no_format_has_a_control_character_a_turn_of_direction_or_a_path_of_the_student() {
    let files = files();
    assert_eq!(files.len(), 15, "{:?}", files.iter().map(|(name, _)| name).collect::<Vec<_>>());
    let mut shown = 0;
    for (name, text) in &files {
        for character in text.chars().filter(|character| !matches!(character, '\n' | '\r' | '\t')) {
            assert!(!terminal::untrusted::is_harmful(character), "{character:?} in {name}");
        }
        // In JSON, such a character would be an escape.
        for escape in ["\\u001b", "\\u202e", "\\u0000", "&#27;", "&#x1b;"] {
            assert!(!text.to_lowercase().contains(escape), "{escape} in {name}");
        }
        let file = name.rsplit('/').next().expect("a name");
        assert!(!file.contains(['<', '=', '"', '\'', ' ']), "{name}");
        shown += usize::from(text.contains("u{202e}"));
    }
    assert!(shown >= 8, "only {shown} files show the student's text");
}

#[test]
fn no_page_has_markup_of_the_student() {
    let files = files();
    let pages = files.iter().filter(|(name, _)| name.ends_with(".html"));
    for (name, text) in pages {
        for markup in ["<script>alert", "<img", "--><!--", "</pre></script>"] {
            assert!(!text.contains(markup), "{markup} in {name}");
        }
    }
    let (_, xml) = files.iter().find(|(name, _)| name.ends_with(".xml")).expect("JUnit");
    assert!(!xml.contains("<script") && !xml.contains("<img"), "{xml}");
}

#[test]
fn no_cell_of_a_table_is_a_formula() {
    for (name, text) in files().iter().filter(|(name, _)| name.ends_with(".csv")) {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        for cell in reader
            .records()
            .flat_map(|row| row.expect("a row").iter().map(str::to_owned).collect::<Vec<_>>())
        {
            let first = cell.trim_start_matches([' ', '"']).chars().next();
            let is_formula = first.is_some_and(|first| "=+-@\t\r".contains(first)) && cell != "-";
            assert!(!is_formula, "{cell} in {name}");
            assert!(!cell.contains(['\n', '\r', '\t']), "{cell} in {name}");
        }
    }
}

#[test]
fn the_hostile_text_is_what_the_tests_say() {
    for part in
        ["=", "<script>", "\u{1b}", "\u{202e}", "\t", "\r", "@", "-1", "\"", "'", "&", "\u{0}"]
    {
        assert!(HOSTILE.contains(part), "{part:?}");
    }
}
