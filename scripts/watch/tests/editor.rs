//! How each editor is started.

use std::fs;
use std::path::Path;

use report::Place;
use watch::editor::{Editor, with_extension};

/// The arguments of the editor that `command` names, with spaces between them.
fn arguments(command: &str) -> String {
    let editor = Editor::parse(command).expect("it is a command");
    let place = Place { file: "src/main.rs".to_owned(), line: 7 };
    let arguments = editor.arguments(Path::new("/w"), &place);
    let words: Vec<String> =
        arguments.iter().map(|word| word.to_string_lossy().replace('\\', "/")).collect();
    words.join(" ")
}

#[test]
fn each_editor_gets_the_line_in_its_own_form() {
    for (command, wanted) in [
        ("vi", "+7 /w/src/main.rs"),
        ("/usr/bin/nvim -R", "-R +7 /w/src/main.rs"),
        ("hx", "/w/src/main.rs:7"),
        ("code --wait", "--wait --goto /w/src/main.rs:7"),
        ("zed", "/w/src/main.rs:7"),
        ("ed", "/w/src/main.rs"),
    ] {
        assert_eq!(arguments(command), wanted, "{command}");
    }
}

#[test]
fn an_editor_with_a_window_leaves_the_screen_as_it_is() {
    let has_window = |command| Editor::parse(command).expect("it is a command").has_window();
    assert!(has_window("/opt/code --wait"));
    assert!(!has_window("emacs -nw"));
}

#[test]
fn an_empty_command_is_no_editor() {
    assert_eq!(Editor::parse("  "), None);
}

/// As Visual Studio Code is installed on Windows: `code` is for another system.
#[test]
fn on_windows_a_batch_file_is_found_by_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let [other, bin] = ["other", "bin"].map(|name| folder.path().join(name));
    fs::create_dir(&other).expect("made");
    fs::create_dir(&bin).expect("made");
    for name in ["code", "code.cmd", "hx.exe", "hx.cmd", "notepad"] {
        fs::write(bin.join(name), "").expect("written");
    }
    let path = std::env::join_paths([&other, &bin]).expect("two folders");
    let found = |program: &str| with_extension(program, &path);
    assert_eq!(found("code"), Some(bin.join("code.cmd")));
    assert_eq!(found("hx"), Some(bin.join("hx.exe")));
    let in_full = bin.join("code");
    assert_eq!(found(in_full.to_str().expect("text")), Some(bin.join("code.cmd")));
    for as_it_is in ["code.cmd", "hx.EXE", "notepad", "vi"] {
        assert_eq!(found(as_it_is), None, "{as_it_is}");
    }
}
