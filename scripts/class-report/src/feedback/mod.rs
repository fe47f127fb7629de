//! What a student reads about the own work: the points, and each failure with its ladder.

pub mod html;
pub mod text;

use ledger::Test;

use crate::cause::{Cause, causes};
use crate::gradebook::Graded;

/// Whether the failures of tests that students do not have are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HeldBack {
    /// Only their points, if they count.
    #[default]
    Hidden,
    /// As those of all tests.
    Shown,
}

/// What a student without a submission reads.
const NO_SUBMISSION: &str = "There is no submission for this lab.";

/// Tests under a heading.
struct Group<'a> {
    heading: String,
    /// The step's name, which is a part of links to it.
    name: &'a str,
    causes: Vec<Cause<'a>>,
}

/// The failures of `result` by step.
fn groups<'a>(result: &Graded<'a>, held_back: HeldBack) -> Vec<Group<'a>> {
    let steps = result.entry.steps.iter();
    let mut groups: Vec<Group> =
        steps.map(|step| group(format!("Step {}", step.name), &step.name, &step.tests)).collect();
    if held_back == HeldBack::Shown {
        let heading = "Tests that only the instructor has".to_owned();
        groups.push(group(heading, "held-back", &result.entry.held_back));
    }
    groups.retain(|group| !group.causes.is_empty());
    groups
}

fn group<'a>(heading: String, name: &'a str, tests: &'a [Test]) -> Group<'a> {
    Group { heading, name, causes: causes(tests) }
}

/// A line of the table of steps.
struct Line {
    name: String,
    points: f64,
    possible: f64,
    passed: usize,
    judged: usize,
}

/// The steps, and the held-back tests if they count.
fn lines(result: &Graded) -> Vec<Line> {
    use crate::grade::{Share, judged, passed};
    let line = |name: &str, share: &Share, tests: &[Test]| Line {
        name: name.to_owned(),
        points: share.points,
        possible: share.possible,
        passed: passed(tests),
        judged: judged(tests),
    };
    let steps = result.entry.steps.iter().zip(&result.grade.steps);
    let steps = steps.map(|(step, share)| line(&step.name, share, &step.tests));
    // Without a step, nothing was judged, and the verdict says why.
    let held_back = result.grade.held_back.iter().filter(|_| !result.entry.steps.is_empty());
    let held_back = held_back.map(|share| line("held-back tests", share, &result.entry.held_back));
    steps.chain(held_back).collect()
}
