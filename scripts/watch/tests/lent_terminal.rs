//! Another program has the terminal of `watch`: an editor, or `cargo lab compare`.

#![cfg(target_os = "linux")]

#[path = "../../lab/tests/small_lab/mod.rs"]
mod small_lab;
mod tmux;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use process_tree::signal;
use small_lab::{FAILS, Lab, PASSES};
use tmux::Terminal;

const WIDE: (u16, u16) = (80, 24);

const PASSED: &str = "All tests pass";
const FAILED: &str = "The program failed.";

/// A lab, and a script in it that plays an editor in the terminal.
fn lab_with_editor(script: &str) -> (Lab, String) {
    let lab = Lab::new();
    lab.edit(FAILS);
    lab.write("bin/vi", &format!("#!/bin/sh\n{script}"));
    let editor = lab.path("bin/vi");
    fs::set_permissions(&editor, PermissionsExt::from_mode(0o755)).expect("set");
    let editor = editor.to_str().expect("it has no unusual name").to_owned();
    (lab, editor)
}

/// A terminal in which this editor is open. `None` without tmux.
fn in_editor<'lab>(lab: &'lab Lab, editor: &str) -> Option<Terminal<'lab>> {
    let terminal = Terminal::start(lab, WIDE, &[("VISUAL", editor)])?;
    terminal.wait_for(FAILED);
    terminal.press("e");
    terminal.wait_for("In the editor.");
    Some(terminal)
}

#[test]
fn an_editor_gets_the_terminal_and_gives_it_back() {
    let script = "echo \"$@\" >arguments\necho In the editor.\nread line\n";
    let (lab, editor) = lab_with_editor(script);
    let Some(terminal) = in_editor(&lab, &editor) else { return };
    // Ctrl-C for a program that the editor has started reaches `watch`, too.
    assert!(signal::interrupt(terminal.pid()));
    // A letter that the editor must receive, and not `watch`.
    terminal.press("q");
    lab.edit(PASSES);
    terminal.press("Enter");
    terminal.wait_for(PASSED);
    let arguments = fs::read_to_string(lab.path("arguments")).expect("written");
    assert!(arguments.starts_with("+1 ") && arguments.ends_with("src/main.rs\n"), "{arguments}");
    terminal.press("q");
    terminal.assert_ended_well();
}

/// This editor has changed the settings of the terminal and does not restore them.
#[test]
fn sigterm_ends_the_editor_and_then_watch() {
    let script = "stty raw -echo\nprintf 'In the editor.'\nread line\n";
    let (lab, editor) = lab_with_editor(script);
    let Some(terminal) = in_editor(&lab, &editor) else { return };
    assert!(signal::terminate(terminal.pid()));
    assert_eq!(terminal.assert_ended_well(), 0);
}

/// It gets one signal, because another one would end it before it has kept all.
#[test]
fn an_editor_that_needs_time_after_sigterm_is_waited_for() {
    let script = "trap 'trap - TERM; echo It keeps all.; read line; echo Nearly.; read line; \
                  echo >kept; exit' TERM\necho In the editor.\nwhile :; do read line; done\n";
    let (lab, editor) = lab_with_editor(script);
    let Some(terminal) = in_editor(&lab, &editor) else { return };
    let watch = terminal.pid();
    assert!(signal::terminate(watch));
    terminal.wait_for("It keeps all.");
    assert!(signal::terminate(watch));
    terminal.press("Enter");
    terminal.wait_for("Nearly.");
    terminal.press("Enter");
    assert_eq!(terminal.assert_ended_well(), 0);
    assert!(lab.path("kept").exists(), "the editor ended before it had kept all");
}

/// A lab with a model answer, so that `compare` begins. It fails, because this workspace has no package
/// `lab`.
fn lab_to_compare() -> Lab {
    let lab = Lab::new();
    lab.edit(FAILS);
    lab.write("solutions/01-small/README.md", "");
    lab
}

/// A terminal that shows the end of `compare`. `None` without tmux.
fn compared(lab: &Lab) -> Option<Terminal<'_>> {
    let terminal = Terminal::start(lab, WIDE, &[])?;
    terminal.wait_for(FAILED);
    terminal.press("c");
    terminal.wait_for("Press Enter to go back");
    Some(terminal)
}

#[test]
fn after_a_comparison_enter_goes_back() {
    let lab = lab_to_compare();
    let Some(terminal) = compared(&lab) else { return };
    terminal.press("Enter");
    terminal.wait_for(FAILED);
    terminal.press("q");
    assert_eq!(terminal.assert_ended_well(), 0);
}

#[test]
fn sigterm_ends_it_while_it_waits_for_enter() {
    let lab = lab_to_compare();
    let Some(terminal) = compared(&lab) else { return };
    assert!(signal::terminate(terminal.pid()));
    assert_eq!(terminal.assert_ended_well(), 0);
}

#[test]
fn a_closed_terminal_ends_it_while_it_waits_for_enter() {
    let lab = lab_to_compare();
    let Some(terminal) = compared(&lab) else { return };
    terminal.close();
}

#[test]
fn a_closed_terminal_ends_the_editor_and_then_watch() {
    let (lab, editor) = lab_with_editor("echo In the editor.\nread line\n");
    let Some(terminal) = in_editor(&lab, &editor) else { return };
    terminal.close();
}
