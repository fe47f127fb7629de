//! `watch` in a real terminal, with a lab that needs no crate. All end well: no process is left, and
//! the terminal is as it was found.

#![cfg(target_os = "linux")]

#[path = "../../lab/tests/small_lab/mod.rs"]
mod small_lab;
mod tmux;

use std::env;
use std::fs;
use std::process::{Command, Stdio};

use process_tree::signal;
use small_lab::{ALSO_PASSES, DOES_NOT_COMPILE, FAILS, Lab, PASSES};
use tmux::Terminal;
use watch::screen::Screen;

const WIDE: (u16, u16) = (80, 24);
const SMALL: (u16, u16) = (40, 10);

const LOOPS: &str = "fn main() { loop { std::thread::park() } }\n";
const PRINTS_100_MB: &str = "fn main() {
    let line = \"x\".repeat(1_000_000);
    for _ in 0..100 { println!(\"{line}\"); }
    std::process::exit(1)
}\n";
const PRINTS_FOR_EVER: &str = "fn main() {
    let line = \"x\".repeat(1_000);
    for _ in 0..100_000 { println!(\"{line}\"); }
    loop { std::thread::park() }
}\n";

const PASSED: &str = "All tests pass";
const FAILED: &str = "The program failed.";

/// A lab with this program.
fn lab(program: &str) -> Lab {
    let lab = Lab::new();
    lab.edit(program);
    lab
}

#[test]
fn each_save_is_judged_and_q_ends_it() {
    let lab = lab(FAILS);
    let Some(terminal) = Terminal::start(&lab, WIDE, &[]) else { return };
    terminal.wait_for(FAILED);
    lab.edit(PASSES);
    terminal.wait_for(PASSED);
    lab.edit(FAILS);
    terminal.wait_for("passed before");
    terminal.press("q");
    assert_eq!(terminal.assert_ended_well(), 0);
}

#[test]
fn a_save_during_a_run_starts_again() {
    let lab = lab(LOOPS);
    let Some(terminal) = Terminal::start(&lab, WIDE, &[("LAB_DEADLINE_SCALE", "100")]) else {
        return;
    };
    // The first build is over.
    terminal.wait_for_run_of(3);
    lab.edit(FAILS);
    terminal.wait_for(FAILED);
    // Several saves: the last one is judged.
    lab.edit(LOOPS);
    lab.edit(DOES_NOT_COMPILE);
    lab.edit(PASSES);
    terminal.wait_for(PASSED);
    terminal.press("q");
    terminal.assert_ended_well();
}

#[test]
fn q_ends_it_while_a_program_loops_for_ever() {
    let lab = lab(LOOPS);
    let Some(terminal) = Terminal::start(&lab, SMALL, &[]) else { return };
    terminal.wait_for_run_of(3);
    terminal.press("q");
    assert_eq!(terminal.assert_ended_well(), 0);
}

#[test]
fn q_ends_it_during_the_first_build() {
    let lab = lab(PASSES);
    let Some(terminal) = Terminal::start(&lab, WIDE, &[]) else { return };
    terminal.wait_for("Only the first build takes long");
    terminal.press("q");
    assert_eq!(terminal.assert_ended_well(), 0);
}

#[test]
fn a_program_that_prints_100_mb_does_no_harm() {
    let lab = lab(PRINTS_100_MB);
    let Some(terminal) = Terminal::start(&lab, WIDE, &[]) else { return };
    terminal.wait_for(FAILED);
    lab.edit(PRINTS_FOR_EVER);
    terminal.wait_for_run_of(1);
    terminal.press("C-c");
    assert_eq!(terminal.assert_ended_well(), 0);
}

#[test]
fn a_build_error_is_shown_until_it_is_repaired() {
    let lab = lab(DOES_NOT_COMPILE);
    let Some(terminal) = Terminal::start(&lab, WIDE, &[]) else { return };
    terminal.wait_for("does not compile: 1 error");
    terminal.wait_for("cannot find value `one`");
    lab.edit(PASSES);
    terminal.wait_for(PASSED);
    terminal.press("q");
    terminal.assert_ended_well();
}

#[test]
fn a_deleted_file_is_an_error_until_it_is_back() {
    let lab = lab(PASSES);
    let Some(terminal) = Terminal::start(&lab, WIDE, &[]) else { return };
    terminal.wait_for(PASSED);
    let folder = lab.path("labs/01-small/src");
    fs::remove_dir_all(&folder).expect("removed");
    terminal.wait_for("src/main.rs");
    lab.edit(ALSO_PASSES);
    terminal.wait_for(PASSED);
    terminal.press("q");
    terminal.assert_ended_well();
}

#[test]
fn an_editor_that_saves_by_rename_is_noticed() {
    let lab = lab(FAILS);
    let Some(terminal) = Terminal::start(&lab, WIDE, &[]) else { return };
    terminal.wait_for(FAILED);
    let main = lab.path("labs/01-small/src/main.rs");
    fs::rename(&main, main.with_extension("rs~")).expect("renamed");
    lab.write("labs/01-small/src/.main.rs.new", PASSES);
    fs::rename(main.with_file_name(".main.rs.new"), &main).expect("renamed");
    terminal.wait_for(PASSED);
    terminal.press("q");
    terminal.assert_ended_well();
}

#[test]
fn a_signal_during_a_run_ends_it() {
    let end: [fn(u32) -> bool; 2] = [signal::terminate, signal::interrupt];
    for end in end {
        let lab = lab(LOOPS);
        let Some(terminal) = Terminal::start(&lab, WIDE, &[]) else { return };
        terminal.wait_for_run_of(3);
        assert!(end(terminal.pid()));
        assert_eq!(terminal.assert_ended_well(), 0);
    }
}

#[test]
fn a_closed_terminal_ends_it() {
    let lab = lab(LOOPS);
    let Some(terminal) = Terminal::start(&lab, WIDE, &[]) else { return };
    terminal.wait_for_run_of(3);
    terminal.close();
}

/// Does nothing unless the test below starts it in a terminal, in the place of `watch 01`.
#[test]
fn plays_a_panic_01() {
    if env::var_os("PLAYS_A_PANIC").is_some() {
        let _screen = Screen::open().expect("a terminal");
        panic!("a defect");
    }
}

#[test]
fn a_panic_restores_the_terminal() {
    let lab = lab(PASSES);
    let this = env::current_exe().expect("known");
    let this = this.to_str().expect("it has no unusual name");
    let variables = [("WATCH", this), ("PLAYS_A_PANIC", "1"), ("RUST_BACKTRACE", "0")];
    let Some(terminal) = Terminal::start(&lab, WIDE, &variables) else { return };
    terminal.wait_for("a defect");
    assert_eq!(terminal.assert_ended_well(), 101);
}

#[test]
fn the_screen_follows_the_size_of_the_terminal() {
    let lab = lab(FAILS);
    let Some(terminal) = Terminal::start(&lab, SMALL, &[]) else { return };
    terminal.wait_for(FAILED);
    terminal.wait_for("q quit");
    let screen = terminal.screen();
    assert!(!screen.contains("listen 0/1"), "it has no room for the steps:\n{screen}");
    terminal.resize(80, 24);
    terminal.wait_for("listen 0/1");
    terminal.wait_for("h hint");
    terminal.resize(120, 40);
    terminal.wait_for("0/1 tests");
    terminal.resize(20, 4);
    terminal.wait_for("Lab 01");
    terminal.resize(40, 10);
    terminal.wait_for("q quit");
    terminal.press("q");
    terminal.assert_ended_well();
}

#[test]
fn keys_show_help_hints_and_the_whole_page() {
    let lab = lab(FAILS);
    let Some(terminal) = Terminal::start(&lab, WIDE, &[]) else { return };
    terminal.wait_for(FAILED);
    terminal.press("?");
    terminal.wait_for("the next failure");
    terminal.press("h");
    terminal.wait_for("hint 1 of 3");
    terminal.wait_for("Press h for one more.");
    terminal.press("o");
    terminal.wait_for("Stuck? cargo lab hint");
    terminal.press("Escape");
    terminal.wait_for("h hint");
    terminal.press("q");
    terminal.assert_ended_well();
}

/// A file in the place of the folder `.lab` stands for a read-only checkout, also for root.
#[test]
fn where_nothing_can_be_written_a_line_above_the_keys_says_so() {
    let lab = lab(PASSES);
    lab.write(".lab", "");
    let Some(terminal) = Terminal::start(&lab, WIDE, &[]) else { return };
    terminal.wait_for(PASSED);
    // It is above the keys.
    terminal.wait_for("Your progress is not kept");
    terminal.wait_for("os\nerror 17)).\nh hint");
    lab.edit(FAILS);
    terminal.wait_for(FAILED);
    terminal.wait_for("Your progress is not kept");
    terminal.press("q");
    terminal.assert_ended_well();
}

#[test]
fn a_copy_without_solutions_has_no_model_answer_to_compare_with() {
    let lab = lab(FAILS);
    let Some(terminal) = Terminal::start(&lab, WIDE, &[]) else { return };
    terminal.wait_for(FAILED);
    terminal.press("c");
    terminal.wait_for("This copy has no model answer.");
    terminal.press("q");
    terminal.assert_ended_well();
}

#[test]
fn without_a_terminal_it_says_so_in_one_line() {
    let watch = Command::new(env!("CARGO_BIN_EXE_watch")).stdin(Stdio::null()).output();
    let output = watch.expect("it starts");
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), text.lines().count()), (Some(2), 1), "{text}");
    assert!(text.starts_with("error: cargo lab watch needs a terminal: "), "{text}");
}
