//! A result in words, for feedback, tables and pages.

use ledger::{Entry, Test, Verdict};
use terminal::count_of;

use crate::grade::{Grade, number};
use crate::gradebook::Graded;

/// `87 of 100 points`
pub fn points(grade: &Grade) -> String {
    match grade.points {
        Some(points) => format!("{} of {} points", number(points), number(grade.possible)),
        None => "no grade yet".to_owned(),
    }
}

/// What a student should know about the grade, as sentences.
pub fn sentences(result: &Graded) -> Vec<String> {
    let mut sentences: Vec<String> = of_verdict(result).into_iter().collect();
    sentences.extend(of_commit(result.entry));
    sentences.extend(of_lateness(result.grade));
    sentences.extend(of_decision(result.grade));
    sentences.extend(left_out(result.entry));
    sentences
}

/// Why nothing, or not everything, was judged, in the words of the grader if it has some. Why the
/// grader failed is not for students: the reason may name a held-back test.
fn of_verdict(result: &Graded) -> Option<String> {
    let entry = result.entry;
    let usual = match entry.verdict {
        Verdict::Passed | Verdict::Failed => return None,
        Verdict::GraderError if result.grade.points.is_some() => return None,
        Verdict::DidNotCompile => "The program does not compile.",
        Verdict::ExitedEarly => "No test passed, and in most of them the program ended by itself.",
        Verdict::TimedOut => "The tests took longer than a submission may take.",
        Verdict::LimitHit => "The build exceeded a limit.",
        Verdict::Refused => "The submission could not be judged.",
        Verdict::GraderError => "The grader failed, so there is no grade yet.",
    };
    match &entry.reason {
        Some(reason) if entry.verdict != Verdict::GraderError => Some(reason.clone()),
        _ => Some(usual.to_owned()),
    }
}

/// Students may have other commits, such as one after the deadline.
fn of_commit(entry: &Entry) -> Option<String> {
    let commit = entry.submission.commit.as_ref()?;
    Some(format!("The grader used the commit {commit:.10}."))
}

fn of_lateness(grade: &Grade) -> Option<String> {
    let late = grade.lateness?;
    let days = count_of(usize::try_from(late.days).unwrap_or(usize::MAX), "day");
    let penalty = number(late.penalty);
    let by_tests = number(grade.by_tests);
    Some(format!("It was {days} late, which costs {penalty} of the {by_tests} points by tests."))
}

/// The decision of the instructor, with its reason.
pub fn of_decision(grade: &Grade) -> Option<String> {
    let decision = grade.decision.as_ref()?;
    let points = decision.points.map(|points| format!("set the points to {}", number(points)));
    let deadline = decision.deadline.map(|deadline| format!("set the deadline to {deadline}"));
    let what: Vec<String> = points.into_iter().chain(deadline).collect();
    Some(format!("The instructor {}. Reason: {}", what.join(" and "), decision.reason))
}

fn left_out(entry: &Entry) -> Option<String> {
    let files = &entry.submission.left_out;
    let shown = files.iter().take(LISTED).map(|file| format!("{} ({})", file.path, file.reason));
    let shown: Vec<String> = shown.collect();
    let more = files.len().saturating_sub(LISTED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!files.is_empty()).then(|| format!("Files that were not judged: {}{more}", shown.join(", ")))
}

/// Most files that a sentence lists.
const LISTED: usize = 8;

/// `bytes_come_back` as `bytes come back`.
pub fn name(test: &Test) -> String {
    test.name.replace('_', " ")
}

/// How many tests fail like the one that was just shown, and which.
pub fn others_like(others: &[&Test]) -> Option<String> {
    let names: Vec<String> = others.iter().map(|test| name(test)).collect();
    let (verb, count) = match others {
        [] => return None,
        [_] => ("fails", count_of(1, "more test")),
        _ => ("fail", count_of(others.len(), "more test")),
    };
    Some(format!("{count} of this step {verb} for the same cause: {}", names.join(", ")))
}
