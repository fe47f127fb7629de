//! The functions that a student writes: which are there, and which steps are begun.

mod scratch;
mod small_lab;

use lab::course::functions::{self, Function};
use scratch::{STUB, Scratch};
use small_lab::json;

const UNWRITTEN: &str = "pub fn a() {\n    todo!(\"lab01, step listen: a\")\n}\n";

fn is_begun(main: &str) -> bool {
    let scratch = Scratch::new();
    scratch.write("labs/01-echo/src/main.rs", main);
    let lab = scratch.lab();
    functions::is_begun(&lab, lab.step("listen").expect("it has one"))
}

#[test]
fn a_step_is_begun_when_a_body_is_more_than_its_todo() {
    assert!(!is_begun(UNWRITTEN));
    assert!(!is_begun(&UNWRITTEN.replace('\n', "\n\n")), "blank lines are no code");
    assert!(!is_begun(&format!("{UNWRITTEN}fn helper() {{}}\n")), "nothing calls it");
    let begun = [
        ("todo!", "// todo!"),
        ("    todo!", "    read();\n    todo!"),
        ("a\")\n", "a\");\n    read()\n"),
        ("todo!(\"lab01, step listen: a\")", "todo!()"),
        ("todo!(\"lab01, step listen: a\")", "read()"),
    ];
    for (from, to) in begun {
        assert!(is_begun(&UNWRITTEN.replace(from, to)), "{to}");
    }
    // This stub has its code in one line with the signature, so no body is a `todo!` alone.
    assert!(is_begun(STUB));
}

#[test]
fn functions_to_write_are_known_by_their_documentation() {
    let scratch = Scratch::new();
    let text = "/// # Steps\npub fn a() {}\nimpl B {\n    /// # Steps\n    ///\n    /// 1. fn\n    \
                pub(crate) fn b<T>(&self) {}\n    fn given() {}\n}\n";
    scratch.write("labs/01-echo/src/main.rs", text);
    let lab = scratch.lab();
    let found = functions::to_write(&lab, lab.step("echo").expect("it has one"));
    let names: Vec<String> = found.iter().map(Function::to_string).collect();
    assert_eq!(names, ["`a` (main.rs)", "`b` (main.rs)"]);
}

#[test]
fn an_advice_names_functions_and_not_each_word() {
    for advice in ["In echo, read.", "Check `echo`.", "`Room::echo` reads.", "Call `echo(1)`."] {
        assert!(functions::is_named_in(advice, "echo"), "{advice}");
    }
    for advice in ["An echo reads.", "Check `echoes`.", "In echoes, read."] {
        assert!(!functions::is_named_in(advice, "echo"), "{advice}");
    }
}

/// The program would pass, as a stub may do by accident.
#[test]
fn the_tests_of_a_step_that_is_not_begun_do_not_run() {
    let lab = small_lab::Lab::new();
    let unwritten = UNWRITTEN.replace("pub fn", "#[allow(dead_code)]\nfn");
    lab.edit(&format!("fn main() {{}}\n{unwritten}"));
    let verdict = json(&lab.run(&[]));
    assert_eq!((&verdict["verdict"], &verdict["points"]), (&"failed".into(), &0.into()));
    let failure = &verdict["steps"][0]["tests"][0]["report"]["outcome"]["failed"];
    let wanted = "step listen is not written yet: a, in labs/01-small/src/main.rs:4";
    assert_eq!(failure["message"]["text"], wanted);

    lab.edit(&format!("fn main() {{}}\n{}", unwritten.replace("todo!", "// todo!")));
    assert_eq!(lab.test(&[]), "passed");
}
