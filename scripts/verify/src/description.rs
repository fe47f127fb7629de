//! `lab.toml`: complete, and in step with the suite.

use std::collections::BTreeSet;

use crate::check::Check;
use lab::course::labs::Lab;
use terminal::count_of;

/// A nudge, a direction, nearly the answer.
const HINTS: usize = 3;

/// Every step has an idea, points and three hints.
pub fn is_complete(lab: &Lab) -> Check {
    let mut problems = Vec::new();
    for step in lab.steps() {
        let name = &step.name;
        if step.hints.len() != HINTS || step.hints.iter().any(|hint| hint.trim().is_empty()) {
            problems
                .push(format!("step {name}: {}, not {HINTS}", count_of(step.hints.len(), "hint")));
        }
        if step.points == 0 {
            problems.push(format!("step {name}: no points"));
        }
        if step.idea.trim().is_empty() {
            problems.push(format!("step {name}: no idea"));
        }
    }
    if lab.steps().is_empty() || lab.manifest.title.is_empty() || lab.manifest.minutes == 0 {
        problems.push("title, minutes or steps are missing".to_owned());
    }
    if !lab.path.join("README.md").is_file() {
        problems.push("there is no README.md, which the overview names".to_owned());
    }
    let points: u32 = lab.steps().iter().map(|step| step.points).sum();
    let summary =
        format!("{}, {points} points, {HINTS} hints each", count_of(lab.steps().len(), "step"));
    Check::new("lab.toml", summary, problems)
}

/// Each step has a module of tests in the suite, and each module is of a step.
pub fn matches_suite(lab: &Lab, tests: &[String]) -> Check {
    let in_suite: BTreeSet<&str> =
        tests.iter().map(|test| test.split_once("::").map_or("", |(module, _)| module)).collect();
    let described: Vec<String> =
        (0..lab.steps().len()).filter_map(|index| lab.module(index)).collect();
    let missing = described.iter().filter(|module| !in_suite.contains(module.as_str()));
    let extra = in_suite.iter().filter(|module| !described.iter().any(|known| known == **module));
    let missing = missing.map(|module| format!("the suite has no tests in a module `{module}`"));
    let extra = extra.map(|module| format!("the suite's module `{module}` is no step of lab.toml"));
    let problems = missing.chain(extra).collect();
    let summary =
        format!("{} in {}", count_of(tests.len(), "test"), count_of(in_suite.len(), "module"));
    Check::new("suite", summary, problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::example;

    #[test]
    fn steps_and_modules_are_compared_both_ways() {
        let tests =
            |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let well = tests(&["step1_listen::a", "step2_echo::b", "step2_echo::c"]);
        assert!(matches_suite(&example(), &well).ok);
        let swapped = tests(&["step1_echo::a", "step2_listen::b", "alone"]);
        let problems = matches_suite(&example(), &swapped).problems;
        assert_eq!(problems.len(), 5, "{problems:?}");
    }

    #[test]
    fn a_step_without_three_hints_is_a_problem() {
        let mut lab = example();
        lab.manifest.steps[0].hints.pop();
        let problems = is_complete(&lab).problems;
        assert!(
            problems.iter().any(|problem| problem.contains("step listen: 2 hints, not 3")),
            "{problems:?}"
        );
    }
}
