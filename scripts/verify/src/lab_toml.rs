//! `lab.toml` is complete, and agrees with the lab's files and with its suite.

use std::collections::BTreeSet;

use report::TestId;
use terminal::count_of;

use crate::check::Check;
use lab::course::labs::{EarlierFunction, GIVEN, Lab, Step};
use lab::files;

/// A direction, the calls to use, nearly the answer.
const HINTS: usize = 3;

/// The file in `src` that belongs to no step, like the given files.
const ENTRY: &str = "main.rs";

/// The lab has a load. Every step has an idea, points, files, tests and three hints, and its files
/// exist.
pub fn is_complete(lab: &Lab) -> Check {
    let mut problems: Vec<String> = lab.steps().iter().flat_map(problems_of_step).collect();
    let manifest = &lab.manifest;
    let numbers = [manifest.minutes as usize, manifest.steps.len()];
    if manifest.title.is_empty() || numbers.contains(&0) {
        problems.push("title, minutes or steps are missing".to_owned());
    }
    if manifest.load.is_none() {
        problems.push("there is no [load], by which programs are compared".to_owned());
    }
    if !lab.path.join("README.md").is_file() {
        problems.push("there is no README.md, which the overview names".to_owned());
    }
    problems.extend(problems_of_files(lab));
    let points: u32 = lab.steps().iter().map(|step| step.points).sum();
    let steps = count_of(lab.steps().len(), "step");
    let summary = format!("{steps}, {points} points, {HINTS} hints each, all files");
    Check::new("lab.toml", summary, problems)
}

fn problems_of_step(step: &Step) -> Vec<String> {
    let hints = count_of(step.hints.len(), "hint");
    let has_hints = step.hints.len() == HINTS && step.hints.iter().all(|hint| !is_empty(hint));
    let missing = [
        (!has_hints).then(|| format!("{hints}, not {HINTS}")),
        step.test_hints.iter().any(|hint| is_empty(&hint.text)).then(|| "an empty hint".to_owned()),
        (step.points == 0).then(|| "no points".to_owned()),
        (step.functions == 0).then(|| "no functions".to_owned()),
        is_empty(&step.idea).then(|| "no idea".to_owned()),
        step.files.is_empty().then(|| "no files".to_owned()),
        step.tests.is_empty().then(|| "no tests".to_owned()),
    ];
    let name = &step.name;
    missing.into_iter().flatten().map(|what| format!("step {name}: {what}")).collect()
}

/// Each hint is for tests of its step, and each test has at most one.
fn problems_of_test_hints(step: &Step) -> Vec<String> {
    let mut hinted = BTreeSet::new();
    let tests = step.test_hints.iter().flat_map(|hint| &hint.tests);
    let problem = |test: &String| match (step.tests.contains(test), hinted.insert(test.clone())) {
        (false, _) => {
            Some(format!("step {}: a hint is for {test}, which is not listed", step.name))
        }
        (true, false) => Some(format!("step {}: {test} has two hints", step.name)),
        (true, true) => None,
    };
    tests.filter_map(problem).collect()
}

/// Each function of an earlier step exists, and each of its tests is one of this step.
fn problems_of_earlier(lab: &Lab, step: &Step) -> Vec<String> {
    let problem = |earlier: &EarlierFunction| {
        let is_missing = lab.line_of(earlier).is_none();
        let stray = earlier.tests.iter().find(|test| !step.tests.contains(test));
        let missing =
            is_missing.then(|| format!("src/{} has no fn {}", earlier.file, earlier.function));
        missing.or(stray.map(|test| format!("also_check names {test}, which is not listed")))
    };
    let problems = step.also_check.iter().filter_map(problem);
    problems.map(|problem| format!("step {}: {problem}", step.name)).collect()
}

fn is_empty(text: &str) -> bool {
    text.trim().is_empty()
}

/// Each file of a step exists, and each file that students edit belongs to a step.
fn problems_of_files(lab: &Lab) -> Vec<String> {
    let present = files::files_under(&lab.src());
    let present: Vec<String> =
        present.iter().map(|path| files::relative(path, &lab.src())).collect();
    let listed: BTreeSet<&String> = lab.steps().iter().flat_map(|step| &step.files).collect();
    let is_given = |name: &str| name.split('/').next() == Some(GIVEN);
    let is_edited = |name: &str| name != ENTRY && !is_given(name);
    let missing = listed.iter().filter(|name| !present.contains(name));
    let missing = missing.map(|name| format!("src/{name} is a file of a step, and does not exist"));
    let given = listed.iter().filter(|name| is_given(name));
    let given = given.map(|name| format!("src/{name} is given, and cannot belong to a step"));
    let extra = present.iter().filter(|name| is_edited(name) && !listed.contains(name));
    let extra = extra.map(|name| format!("src/{name} belongs to no step"));
    missing.chain(given).chain(extra).collect()
}

/// Each listed test is in the suite, and each test of the suite is listed once.
pub fn matches_suite(lab: &Lab, tests: &[String]) -> Check {
    let in_suite: Vec<String> = tests.iter().map(|test| without_submodules(test)).collect();
    let mut listed = BTreeSet::new();
    let mut problems = Vec::new();
    for (index, step) in lab.steps().iter().enumerate() {
        let module = lab.manifest.module(index).expect("each step has a module");
        for name in &step.tests {
            let test = format!("{module}::{name}");
            if !in_suite.contains(&test) {
                problems.push(format!("lab.toml lists {test}, which is not in the suite"));
            }
            if !listed.insert(test) {
                problems.push(format!("step {}: {name} is listed twice", step.name));
            }
        }
    }
    problems.extend(lab.steps().iter().flat_map(problems_of_test_hints));
    problems.extend(lab.steps().iter().flat_map(|step| problems_of_earlier(lab, step)));
    let extra = in_suite.iter().filter(|test| !listed.contains(*test));
    problems.extend(extra.map(|test| format!("{test} is in the suite, but not in lab.toml")));
    let modules = count_of(lab.steps().len(), "module");
    Check::new("suite", format!("{} in {modules}", count_of(tests.len(), "test")), problems)
}

/// `step2_echo::a_test` of `step2_echo::endings::a_test`, because lab.toml knows steps and tests.
fn without_submodules(test: &str) -> String {
    let TestId { module, name, .. } = TestId::parse(test);
    if module.is_empty() { name } else { format!("{module}::{name}") }
}
