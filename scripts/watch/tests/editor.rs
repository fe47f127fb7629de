//! How each editor is started.

use std::path::Path;

use report::Place;
use watch::editor::Editor;

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
