//! A grade: the points of an entry under a policy, and how they came about.

use std::time::Duration;

use ledger::{Entry, Outcome, Step, Test, Verdict};

use crate::cause::causes;
use crate::class::ClassLab;
use crate::overrides::Override;
use crate::policy::{LabPolicy, Late, Policy, SameCause};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The points of a student in a lab.
#[derive(Clone, Debug, PartialEq)]
pub struct Grade {
    /// The points that count. `None`: the grader failed, so there is no grade yet.
    pub points: Option<f64>,
    /// The points of the lab, with those of the held-back tests if they count.
    pub possible: f64,
    /// The points for each step of the entry.
    pub steps: Vec<Share>,
    /// The points for held-back tests, if they count and one was judged.
    pub held_back: Option<Share>,
    /// The points by tests alone.
    pub by_tests: f64,
    /// How late it was.
    pub lateness: Option<Lateness>,
    /// The decision of the instructor.
    pub decision: Option<Override>,
    /// What the instructor should look at, as sentences.
    pub remarks: Vec<String>,
}

/// Points, and the points that were possible.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Share {
    /// The points for the tests that passed.
    pub points: f64,
    /// The points for all tests that could run.
    pub possible: f64,
}

/// A submission after the deadline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lateness {
    /// How many days have begun.
    pub days: u64,
    /// The points that it costs.
    pub penalty: f64,
}

impl Grade {
    /// The grade of `entry`, which belongs to `lab`.
    pub fn new(entry: &Entry, lab: &ClassLab, policy: &Policy) -> Grade {
        let of_lab = policy.of(&lab.number);
        let decision = policy.decision(&entry.student.id, &lab.number).cloned();
        let steps: Vec<Share> =
            entry.steps.iter().map(|step| share(step, policy.same_cause)).collect();
        let held_back = held_back(entry, &of_lab);
        let all = lab.points + of_lab.held_back_points;
        let by_tests = match held_back {
            Some(share) => scaled(&steps, lab.points) + share.points,
            None => scaled(&steps, all),
        };
        let possible = f64::from(all);
        let (lateness, remark) = lateness(entry, &of_lab, &policy.late, decision.as_ref());
        let lateness = lateness.map(|days| Lateness {
            days,
            penalty: penalty(days, &policy.late, by_tests, possible),
        });
        let computed = by_tests - lateness.map_or(0.0, |late| late.penalty);
        let is_judged = entry.verdict != Verdict::GraderError;
        let points = decision
            .as_ref()
            .and_then(|decision| decision.points)
            .or(is_judged.then_some(computed));
        let remarks = remark.into_iter().collect();
        Grade { points, possible, steps, held_back, by_tests, lateness, decision, remarks }
    }

    /// The points of a hundred. Labs of different sizes have the same weight.
    pub fn percent(&self) -> Option<f64> {
        Some(self.points? / self.possible.max(1.0) * 100.0)
    }
}

/// The points for a step.
fn share(step: &Step, same_cause: SameCause) -> Share {
    let possible = f64::from(step.points_possible);
    let points = f64::from(step.points);
    let passed = passed(&step.tests);
    // Points are rounded down, so a step without points may have passed a test.
    if same_cause == SameCause::CountsEach || passed == 0 {
        return Share { points, possible };
    }
    let failed: usize =
        causes(&step.tests).iter().map(|cause| cause.failures_that_count_once()).sum();
    Share { points: part(possible, passed, passed + failed).max(points), possible }
}

/// The points for all steps. A test that could not run on the judging machine neither gives nor
/// takes points.
fn scaled(steps: &[Share], all: u32) -> f64 {
    let points: f64 = steps.iter().map(|step| step.points).sum();
    let possible: f64 = steps.iter().map(|step| step.possible).sum();
    if possible > 0.0 { points / possible * f64::from(all) } else { 0.0 }
}

/// `None` if they do not count, or if none could run: then the steps share their points. If there are
/// none, no test of the suite passed.
fn held_back(entry: &Entry, policy: &LabPolicy) -> Option<Share> {
    let possible = f64::from(policy.held_back_points);
    let judged = judged(&entry.held_back);
    let could_run = judged > 0 || entry.held_back.is_empty();
    let share = Share { points: part(possible, passed(&entry.held_back), judged), possible };
    (policy.held_back_points > 0 && could_run).then_some(share)
}

/// How many days late the submission is, and a remark if that is unknown.
fn lateness(
    entry: &Entry,
    policy: &LabPolicy,
    late: &Late,
    decision: Option<&Override>,
) -> (Option<u64>, Option<String>) {
    let submission = &entry.submission;
    let deadline = decision.and_then(|decision| decision.deadline).or(policy.deadline);
    let Some((deadline, submitted)) = deadline.zip(submission.submitted) else {
        let missing = if deadline.is_none() { "deadline" } else { "time of submission" };
        let remark =
            format!("It is marked as late, but no {missing} is known, so it costs nothing.");
        return (None, submission.marked_late.then_some(remark));
    };
    let grace = Duration::from_secs(60 * late.grace_minutes);
    let after = submitted.since(deadline);
    let days = after.as_secs().div_ceil(DAY.as_secs());
    ((after > grace).then_some(days), None)
}

/// What `days` cost, and never more than there is.
fn penalty(days: u64, late: &Late, points: f64, possible: f64) -> f64 {
    if late.last_day.is_some_and(|last| days > last) {
        return points;
    }
    (possible * late.percent_per_day / 100.0 * days as f64).min(points)
}

/// How many of `tests` passed.
pub fn passed(tests: &[Test]) -> usize {
    tests.iter().filter(|test| test.outcome == Outcome::Passed).count()
}

/// Whether the result says anything about the program.
pub fn is_judged(test: &Test) -> bool {
    matches!(test.outcome, Outcome::Passed | Outcome::Failed)
}

/// How many of `tests` say anything about the program.
pub fn judged(tests: &[Test]) -> usize {
    tests.iter().filter(|test| is_judged(test)).count()
}

fn part(points: f64, passed: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { points * passed as f64 / of as f64 }
}

/// `87`, `87.5`, `86.67`.
pub fn number(points: f64) -> String {
    let text = format!("{points:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
