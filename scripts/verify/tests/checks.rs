//! The checks of a lab's text: lab.toml, stubs, twins, advice ids, sleeps and ports.

#[path = "../../lab/tests/scratch/mod.rs"]
mod scratch;

use lab::course::labs::{Lab, TestHint};
use scratch::Scratch;
use verify::check::Check;
use verify::source::{code, documentation, has_section, tidy, without_section};
use verify::{advice, lab_toml, stubs, suite_text, twins};

const NONE: [&str; 0] = [];

#[test]
fn manifest_and_suite_are_compared_both_ways() {
    let mut lab = Scratch::new().lab();
    lab.manifest.steps[0].test_hints.clear();
    lab.manifest.steps[1].also_check.clear();
    lab.manifest.steps[0].tests = vec!["a".to_owned()];
    lab.manifest.steps[1].tests = ["b", "c"].map(str::to_owned).to_vec();
    let problems = |lab: &Lab, tests: [&str; 3]| {
        lab_toml::matches_suite(lab, &tests.map(str::to_owned)).problems
    };
    let complete = ["step1_listen::a", "step2_echo::b", "step2_echo::endings::c"];
    assert_eq!(problems(&lab, complete), NONE);
    let swapped = problems(&lab, ["step1_echo::a", "step2_listen::b", "alone"]);
    assert_eq!(swapped.len(), 6, "{swapped:?}");
    lab.manifest.steps[1].tests.push("b".to_owned());
    assert_eq!(problems(&lab, complete), ["step echo: b is listed twice"]);
}

#[test]
fn hints_are_for_tests_that_exist() {
    let mut lab = Scratch::new().lab();
    let hint = |tests: &[&str]| TestHint {
        tests: tests.iter().map(|test| (*test).to_owned()).collect(),
        text: "a hint".to_owned(),
    };
    lab.manifest.steps[0].test_hints = vec![hint(&["simple"]), hint(&["gone", "simple"])];
    lab.manifest.steps.pop();
    let suite = ["step1_listen::simple", "step1_listen::hard"].map(str::to_owned);
    let wanted = [
        "step listen: a hint is for gone, which is not listed",
        "step listen: simple has two hints",
    ];
    assert_eq!(lab_toml::matches_suite(&lab, &suite).problems, wanted);
}

#[test]
fn functions_of_earlier_steps_exist() {
    let scratch = Scratch::new();
    let mut lab = scratch.lab();
    let suite =
        ["step1_listen::simple", "step1_listen::hard", "step2_echo::bytes", "step2_echo::text"];
    let suite = suite.map(str::to_owned);
    assert_eq!(lab_toml::matches_suite(&lab, &suite).problems, NONE);
    lab.manifest.steps[1].also_check[0].function = "gone".to_owned();
    lab.manifest.steps[0].also_check = lab.manifest.steps[1].also_check.clone();
    lab.manifest.steps[0].also_check[0].function = "b".to_owned();
    let wanted = [
        "step listen: also_check names text, which is not listed",
        "step echo: src/main.rs has no fn gone",
    ];
    assert_eq!(lab_toml::matches_suite(&lab, &suite).problems, wanted);
}

#[test]
fn what_is_missing_in_a_manifest_is_a_problem() {
    let mut lab = Scratch::new().lab();
    lab.manifest.steps[0].hints.pop();
    lab.manifest.steps[1].functions = 0;
    lab.manifest.minutes = 0;
    lab.manifest.load = None;
    let problems = lab_toml::is_complete(&lab).problems;
    for problem in [
        "step listen: 2 hints, not 3",
        "step echo: no functions",
        "title, minutes or steps are missing",
        "there is no [load], by which programs are compared",
    ] {
        assert!(problems.iter().any(|found| found == problem), "{problem} in {problems:?}");
    }
}

#[test]
fn files_and_manifest_are_compared_both_ways() {
    let scratch = Scratch::new();
    for name in ["given/run.rs", "other.rs"] {
        scratch.write(&format!("labs/01-echo/src/{name}"), "");
    }
    let mut problems = lab_toml::is_complete(&scratch.lab()).problems;
    problems.retain(|problem| problem.starts_with("src/"));
    let wanted = [
        "src/listen.rs is a file of a step, and does not exist",
        "src/other.rs belongs to no step",
    ];
    assert_eq!(problems, wanted);
}

/// The problems of a stub whose one function has this `body`.
fn stub_problems(body: &str) -> Vec<String> {
    let scratch = Scratch::new();
    let docs = "/// Reads a `todo!`.\n///\n/// # Steps\n///\n/// 1. x\n";
    let text = format!("{docs}pub fn read() {{ {body} }}\n");
    scratch.write("labs/01-echo/src/main.rs", &text);
    let mut lab = scratch.lab();
    lab.manifest.steps[0].functions = 0;
    stubs::are_unwritten(&scratch.workspace(), &lab).expect("read").problems
}

#[test]
fn a_stub_ends_in_a_todo_that_names_its_step_and_itself() {
    assert_eq!(stub_problems(r#"todo!("lab01, step echo: read")"#), NONE);
    assert_eq!(stub_problems(r#"todo!("lab01, step echo: read");"#), NONE);
    assert_eq!(stub_problems(r#"given(); todo!("lab01, step echo: read")"#), NONE);
}

#[test]
fn any_other_stub_is_a_problem() {
    let wrong = [
        (r#"todo!("lab01, step echo: write")"#, "names another function"),
        (r#"todo!("lab01, step other: read")"#, "names no step"),
        (r#"todo!("echo: read")"#, "does not read"),
        ("todo!()", "does not end in"),
        ("if a { todo!(\"lab01, step echo: read\") }", "does not end in"),
        ("todo!(\"a\"); todo!(\"lab01, step echo: read\")", "2 `todo!`"),
        ("", "does not end in"),
    ];
    for (body, expected) in wrong {
        let problems = stub_problems(body);
        assert!(problems.iter().any(|problem| problem.contains(expected)), "{body}: {problems:?}");
    }
}

#[test]
fn the_manifest_says_how_many_functions_the_stub_has() {
    let scratch = Scratch::new();
    let problems =
        stubs::are_unwritten(&scratch.workspace(), &scratch.lab()).expect("read").problems;
    let wanted = "step echo: lab.toml says `functions = 1`, but 0 are to write";
    assert!(problems.iter().any(|problem| problem == wanted), "{problems:?}");
}

const TWIN: &str = r#"
    /// Longest.
    pub const MAX: usize = 8;
    /// Why not.
    #[derive(Debug)]
    pub enum Error { /// Too long.
        TooLong(usize) }
    impl std::fmt::Display for Error { fn fmt(&self) { todo!() } }
    /// A reader.
    pub struct Reader { /// How many.
        pub read: usize, hidden: u8 }
    impl Reader {
        /// Reads.
        ///
        /// # Contract
        ///
        /// * all of it
        ///
        /// # Steps
        ///
        /// 1. read
        pub fn read(&self, stream: u8) -> Result<u8, Error> { todo!("lab01, step echo: read") }
    }
"#;

const OTHER_TWIN: &str = r#"
    //! A header of its own.
    use std::io;
    /// Longest.
    pub const MAX: usize = 8;
    /// Why not.
    #[derive(Debug)]
    pub enum Error { /// Too long.
        TooLong(usize) }
    impl std::fmt::Display for Error { fn fmt(&self) { write() } }
    /// A reader.
    pub struct Reader { /// How many.
        pub read: usize, other: u16, more: u32 }
    impl Reader {
        /// Reads.
        ///
        /// # Contract
        ///
        /// * all of it
        pub fn read(&self, mut stream: u8) -> Result<u8, Error> { helper(stream) }
        fn private(&self) {}
    }
    struct Guard;
    impl Drop for Guard { fn drop(&mut self) {} }
    fn helper(stream: u8) -> Result<u8, Error> { Ok(stream) }
"#;

fn twins_problems(stub: &str, answer: &str) -> Vec<String> {
    let scratch = Scratch::new();
    scratch.write("labs/01-echo/src/main.rs", stub.trim());
    scratch.write("solutions/01-echo/src/main.rs", answer.trim());
    check_twins(&scratch).problems
}

fn check_twins(scratch: &Scratch) -> Check {
    twins::are_alike(&scratch.workspace(), &scratch.lab()).expect("compared")
}

#[test]
fn bodies_helpers_and_steps_may_differ() {
    assert_eq!(twins_problems(TWIN, OTHER_TWIN), NONE);
}

#[test]
fn every_other_difference_is_a_problem() {
    let changes = [
        ("MAX: usize = 8", "MAX: usize = 9", "src/main.rs, const MAX"),
        ("* all of it", "* some of it", "src/main.rs, fn Reader::read"),
        ("TooLong(usize)", "TooLong(u32)", "src/main.rs, enum Error"),
        ("/// Too long.", "/// Much too long.", "src/main.rs, enum Error"),
        ("#[derive(Debug)]", "#[derive(Debug, Clone)]", "src/main.rs, enum Error"),
        ("pub read: usize", "pub read: u64", "src/main.rs, struct Reader"),
        (
            "-> Result<u8, Error> { helper",
            "-> Result<u16, Error> { helper",
            "src/main.rs, fn Reader::read",
        ),
        ("pub fn read", "fn read", "src/main.rs, fn Reader::read"),
        ("fn private", "pub fn private", "src/main.rs, fn Reader::private"),
        ("for Error {", "for Reader {", "src/main.rs, impl Display for Error"),
    ];
    for (from, to, item) in changes {
        let problems = twins_problems(TWIN, &OTHER_TWIN.replacen(from, to, 1));
        assert!(problems.iter().any(|problem| problem.starts_with(item)), "{to}: {problems:?}");
    }
}

#[test]
fn twins_have_the_same_files_and_given_files_are_copies() {
    let scratch = Scratch::new();
    let (ours, theirs) = ("labs/01-echo/src", "solutions/01-echo/src");
    scratch.write(&format!("{theirs}/main.rs"), "");
    for (file, copy) in [("same.rs", "one"), ("other.rs", "two")] {
        scratch.write(&format!("{ours}/given/{file}"), "one");
        scratch.write(&format!("{theirs}/given/{file}"), copy);
    }
    scratch.write(&format!("{ours}/frames.rs"), "");
    scratch.write(&format!("{theirs}/frame.rs"), "");
    let wanted = [
        "src/frame.rs: only in the solution",
        "src/frames.rs: only in the lab",
        "src/given/other.rs: differs, and should be a copy",
    ];
    assert_eq!(check_twins(&scratch).problems, wanted);
}

/// The check of a lab whose tests are these two files.
fn advice_check(files: [&str; 2]) -> Check {
    let scratch = Scratch::new();
    for (name, text) in ["a.rs", "b.rs"].iter().zip(files) {
        scratch.write(&format!("labs/01-echo/tests/{name}"), &format!("fn a() {{ {text} }}"));
    }
    advice::is_unambiguous(&scratch.workspace(), &scratch.lab()).expect("read")
}

#[test]
fn an_advice_id_with_two_texts_is_a_problem() {
    let says = r#"peer.says("one", "a b").send("x", "y");"#;
    let checks = r#"check(count == 1, "A b.", "two", "c d");"#;
    let check = advice_check([&format!("{says} {checks}"), says]);
    assert!(check.ok && check.summary.starts_with("2 ids"), "{check:?}");
    let calls = ["says", "says_if_open", "says_if_silent", "check_line"];
    for other in calls.map(|call| format!(r#"peer.{call}("one", "c d");"#)) {
        let check = advice_check([says, &other]);
        assert_eq!(check.problems.len(), 1, "{other}: {check:?}");
    }
}

#[test]
fn the_text_of_an_advice_may_be_a_constant() {
    let with = |text: &str| {
        let says = r#"peer.says("one", "a b"); } const TEXT: &str ="#;
        let constant = format!(r#"{says} "{text}"; fn b() {{ peer.says("one", TEXT);"#);
        advice_check([&constant, ""]).problems.len()
    };
    assert_eq!((with("a b"), with("c d")), (0, 1));
}

#[test]
fn sleeps_and_fixed_ports_are_found_but_not_in_comments() {
    let scratch = Scratch::new();
    let lines = [
        "    thread::sleep(PAUSE);",
        r#"serve(["--listen", "127.0.0.1:7001"])"#,
        r#"serve(["--listen", "127.0.0.1:0"])"#,
        r#"host(":70000")"#,
        "// never sleep() on port :7001",
    ];
    scratch.write("labs/01-echo/tests/a.rs", &lines.join("\n"));
    let problems = suite_text::is_sound(&scratch.workspace(), &scratch.lab()).problems;
    let places: Vec<&str> = problems.iter().filter_map(|text| text.get(..25)).collect();
    assert_eq!(places, ["labs/01-echo/tests/a.rs:1", "labs/01-echo/tests/a.rs:2"], "{problems:?}");
}

const DOCS: &str = "Reads.\n\n# Contract\n\n* a\n\n# Steps\n\n1. b\n\n# Errors\n\nc";

#[test]
fn one_section_is_taken_out_and_the_others_stay() {
    assert!(has_section(DOCS, "Steps") && !has_section(DOCS, "Step"));
    let kept = without_section(DOCS, "Steps");
    assert_eq!(kept, "Reads.\n\n# Contract\n\n* a\n\n# Errors\n\nc");
    assert_eq!(without_section(&kept, "Steps"), kept);
}

#[test]
fn documentation_is_read_line_by_line() {
    let item: syn::ItemConst =
        syn::parse_str("/// One.\n///   Two.\n#[must_use]\nconst A: u8 = 1;").expect("code");
    assert_eq!(documentation(&item.attrs), "One.\n  Two.");
}

#[test]
fn code_is_tidied_for_people() {
    let item: syn::Signature =
        syn::parse_str("fn a(b: &[u8], c: std::io::Result<()>) -> Option<Vec<u8>>").expect("code");
    assert_eq!(tidy(&code(&item)), "fn a(b: &[u8], c: std::io::Result<()>) -> Option<Vec<u8>>");
}

#[test]
fn an_id_of_also_check_stands_in_a_test_or_in_the_kit() {
    let scratch = Scratch::new();
    scratch.write("labs/01-echo/tests/a.rs", r#"fn a() { peer.says("in-a-test", "a b"); }"#);
    scratch.write("common/testkit/src/b.rs", r#"const B: &str = "in-the-kit";"#);
    let mut lab = scratch.lab();
    lab.manifest.steps[1].also_check[0].seen =
        ["in-a-test", "in-the-kit", "gone"].map(str::to_owned).to_vec();
    let check = advice::are_known(&scratch.workspace(), &lab);
    let wanted = ["step echo: also_check has the id gone, and neither a test nor the kit has"];
    assert_eq!(check.problems, wanted);
}
