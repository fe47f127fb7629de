//! Which answers are found to be similar, and what the pages show.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use lab::course::{kept_stub, labs};
use lab::workspace::Workspace;
use similarity::answer::Answer;
use similarity::fingerprints::Base;
use similarity::pairs::pairs;
use similarity::regions::regions;
use similarity::submissions::base_of;
use similarity::tokens::tokens;

/// What all students of a small exercise get.
const STUB: &str = "
/// Adds the numbers in `text`, one a line.
pub fn total(text: &str, mut on_number: impl FnMut(i64) -> Result<(), String>) -> Result<i64, String> {
    todo!(\"exercise, step total\")
}

/// The longest line of `text`.
pub fn longest(text: &str, ignored: &[&str]) -> Option<String> {
    todo!(\"exercise, step longest\")
}
";

const ANSWER: &str = "
pub fn total(text: &str, mut on_number: impl FnMut(i64) -> Result<(), String>) -> Result<i64, String> {
    let mut sum = 0;
    for line in text.lines() {
        // An empty line is no number.
        if line.trim().is_empty() {
            continue;
        }
        let number: i64 = line.trim().parse().map_err(|error| format!(\"{line}: {error}\"))?;
        on_number(number)?;
        sum += number;
    }
    Ok(sum)
}

pub fn longest(text: &str, ignored: &[&str]) -> Option<String> {
    let mut best: Option<&str> = None;
    for line in text.lines() {
        if ignored.contains(&line) {
            continue;
        }
        match best {
            Some(known) if known.len() >= line.len() => (),
            _ => best = Some(line),
        }
    }
    best.map(str::to_owned)
}
";

/// The same in another order, with other names, comments and literals.
const COPY: &str = "
pub fn longest(text: &str, ignored: &[&str]) -> Option<String> {
    let mut winner: Option<&str> = None;
    for row in text.lines() { if ignored.contains(&row) { continue; }
        /* the first of equal rows */
        match winner { Some(old) if old.len() >= row.len() => (), _ => winner = Some(row), } }
    winner.map(str::to_owned)
}

pub fn total(input: &str, mut call: impl FnMut(i64) -> Result<(), String>) -> Result<i64, String> {
    let mut result = 00;
    for row in input.lines() {
        if row.trim().is_empty() { continue; }
        let value: i64 = row.trim().parse().map_err(|problem| format!(\"wrong: {row} ({problem})\"))?;
        call(value)?;
        result += value;
    }
    Ok(result)
}
";

/// The same behaviour by other means.
const OTHER: &str = "
pub fn total(text: &str, mut on_number: impl FnMut(i64) -> Result<(), String>) -> Result<i64, String> {
    let lines = text.split('\\n').map(str::trim).filter(|line| !line.is_empty());
    lines.map(number).try_fold(0, |sum, number| {
        let number = number?;
        on_number(number).map(|()| sum + number)
    })
}

fn number(line: &str) -> Result<i64, String> {
    match line.parse() {
        Ok(number) => Ok(number),
        Err(error) => Err([line, \": \", &ToString::to_string::<std::num::ParseIntError>(&error)].concat()),
    }
}

pub fn longest(text: &str, ignored: &[&str]) -> Option<String> {
    let mut lines: Vec<&str> = text.lines().filter(|line| !ignored.contains(line)).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.len()));
    Some(lines.first()?.to_string())
}
";

fn answer(name: &str, text: &str) -> Answer {
    let base = Base::new([STUB].into_iter());
    Answer::new(name, vec![("lib.rs".to_owned(), text.to_owned())], &base)
}

/// The share that two texts have in common, in percent.
fn percent(one: &str, other: &str) -> f64 {
    let found = pairs(&[answer("one", one), answer("other", other)], 0.0);
    found.first().map_or(0.0, |pair| pair.share * 100.0)
}

#[test]
fn a_copy_with_other_names_in_another_order_is_found() {
    assert!(percent(ANSWER, COPY) > 90.0, "{}", percent(ANSWER, COPY));
    let found = regions(&answer("one", ANSWER), &answer("other", COPY));
    let [first, .., last] = &found[..] else { panic!("{found:?}") };
    assert!(ANSWER[first.places[0].bytes.clone()].contains("line.trim().is_empty()"), "{found:?}");
    assert!(COPY[first.places[1].bytes.clone()].contains("row.trim().is_empty()"), "{found:?}");
    assert!(first.places[1].bytes.start > last.places[1].bytes.start, "the order differs");
}

#[test]
fn independent_answers_and_the_stub_alone_are_not() {
    assert!(percent(ANSWER, OTHER) < 10.0, "{}", percent(ANSWER, OTHER));
    for text in [ANSWER, OTHER, STUB] {
        assert_eq!(percent(STUB, text), 0.0);
    }
}

/// `text` with other names and its items in another order.
fn disguised(text: &str) -> String {
    let names = [
        "buffer", "count", "bytes", "stream", "error", "accepted", "writer", "answer", "received",
        "line", "socket",
    ];
    let mut items: Vec<String> = text.split("\n}\n").map(|item| format!("{item}\n}}\n")).collect();
    items.pop();
    items.reverse();
    names.iter().fold(items.concat(), |text, name| text.replace(name, &format!("my_{name}")))
}

#[test]
fn the_model_answer_and_another_one_are_independent_and_its_copy_is_not() {
    let workspace = Workspace::find().expect("the tests run in it");
    let lab = labs::find(&workspace, "01").expect("the lab exists");
    let solution = lab.solution_path(&workspace);
    if !solution.is_dir() {
        return; // A copy for students.
    }
    let base = base_of(&kept_stub::current(&workspace, &lab).expect("a stub"));
    let read = |folder: &str, change: fn(&str) -> String| {
        let names = lab.steps().iter().flat_map(|step| &step.files);
        let file = |name: &String| {
            (
                name.clone(),
                change(&fs::read_to_string(solution.join(folder).join(name)).expect("a file")),
            )
        };
        Answer::new(folder, names.map(file).collect(), &base)
    };
    let same: fn(&str) -> String = str::to_owned;
    let answers = [read("src", same), read("another_answer", same), read("src", disguised)];
    let found = pairs(&answers, 0.0);
    assert_eq!(found[0].members, [0, 2], "{found:?}");
    assert!(found[0].share > 0.9 && found[1..].iter().all(|pair| pair.share < 0.1), "{found:?}");
}

#[test]
fn a_sign_in_a_macro_hides_no_block() {
    let count = |text: &str| tokens(text).expect("Rust").len();
    assert_eq!(count("#[a] #![b] fn f() {}"), count("fn f() {}"));
    let hidden = count("m! { # x { let y = 1; y } # { 1 } }");
    assert_eq!(hidden, count("m! { x { let y = 1; y } { 1 } }"));
}

#[test]
fn an_answer_in_the_workspace_is_no_stub() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = Workspace::find().expect("the tests run in it");
    let workspace = Workspace { root: folder.path().to_owned() };
    let lab = folder.path().join("labs/01-echo");
    let stub = workspace.state_dir().join("stub/01-echo/src");
    for (src, text) in [(lab.join("src"), ANSWER), (stub, STUB)] {
        fs::create_dir_all(&src).expect("a folder");
        fs::write(src.join("echo.rs"), text).expect("a file");
    }
    let toml = here.root.join("labs/01-echo/lab.toml");
    fs::copy(toml, lab.join("lab.toml")).expect("copied");
    let lab = labs::find(&workspace, "01").expect("the lab exists");
    let base = base_of(&kept_stub::current(&workspace, &lab).expect("the kept stub"));
    let answers = ["anna", "ben"]
        .map(|name| Answer::new(name, vec![("echo.rs".to_owned(), ANSWER.to_owned())], &base));
    assert_eq!(pairs(&answers, 0.5).len(), 1, "the same answer twice");
}

#[test]
fn what_is_no_rust_is_named_and_deep_brackets_do_no_harm() {
    let broken = answer("broken", "fn main() { (");
    assert_eq!(broken.unreadable, ["lib.rs"]);
    let deep = format!("fn main() {{ {}{} }}", "(".repeat(50_000), ")".repeat(50_000));
    let [one, other] = [answer("one", &deep), answer("other", &deep)];
    assert!(regions(&one, &other).len() <= 100_000);
}

fn similar(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_similarity"));
    command.args(arguments).current_dir(folder).output().expect("it starts")
}

/// Two folders with the same answer to a step of lab 01, of students with odd names.
fn class(folder: &Path) {
    let text = format!("{ANSWER}\n// </pre><script>alert(1)</script> \u{202e}\n");
    for name in ["<img src=x>", "ben"] {
        let src = folder.join("class").join(name).join("deep/labs/01-echo/src");
        fs::create_dir_all(&src).expect("a folder");
        fs::write(src.join("echo.rs"), &text).expect("a file");
    }
}

#[test]
fn the_pages_show_both_and_load_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    class(folder.path());
    let output = similar(&["class", "--lab", "01", "--out", "out"], folder.path());
    let page = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success() && page.contains("100 %  <img src=x> and ben: "), "{page}");
    assert!(page.contains("a reason to talk with both students, and no verdict"), "{page}");
    for name in ["index.html", "pair-001.html"] {
        let html = fs::read_to_string(folder.path().join("out").join(name)).expect("a page");
        assert!(html.contains("a reason to talk"), "{html}");
        assert!(html.contains("&lt;img src=x&gt; and ben"), "{html}");
        for way in ["<script", "<img", " src=\"", "url(", "\u{202e}", "style=\""] {
            assert!(!html.contains(way), "{way} in {name}");
        }
    }
    let pair = fs::read_to_string(folder.path().join("out/pair-001.html")).expect("a page");
    for words in ["id=\"a1\"><a href=\"#b1\"", "id=\"b1\"><a href=\"#a1\""] {
        assert!(pair.contains(words), "{words} in {pair}");
    }
}

/// An archive, a file as Canvas names it, and a submission without a file of the lab.
#[test]
fn submissions_are_those_that_the_grader_reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let class = folder.path().join("class");
    for name in ["anna/src", "carla"] {
        fs::create_dir_all(class.join(name)).expect("a folder");
    }
    fs::write(class.join("anna/src/echo.rs"), ANSWER).expect("a file");
    let archive = class.join("ben.tar");
    let mut tar = Command::new("tar");
    tar.arg("-cf").arg(archive).arg("-C").arg(class.join("anna"));
    let tar = tar.arg("src/echo.rs").status().expect("tar starts");
    assert!(tar.success());
    fs::write(class.join("doejane_48213_990_echo.rs"), COPY).expect("a file");
    fs::write(folder.path().join("roster.csv"), "id,name\n48213,Jane Doe\n").expect("a file");
    let arguments = ["class", "--lab", "01", "--roster", "roster.csv"];
    let output = similar(&arguments, folder.path());
    let page = String::from_utf8(output.stdout).expect("text");
    let lines = ["3 submissions: 3 pairs", "100 %  anna and ben", "Jane Doe (48213)"];
    assert!(lines.iter().all(|line| page.contains(line)), "{page}");
    assert!(page.contains("Not compared: carla: It has no file of lab 01"), "{page}");
}

#[test]
fn a_folder_without_submissions_is_explained() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(folder.path().join("class/anna")).expect("a folder");
    for (place, why) in [
        ("class", "there are no two submissions in class"),
        ("none", "cannot read the submissions in none"),
    ] {
        let output = similar(&[place, "--lab", "01"], folder.path());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(why), "{said}");
    }
}
