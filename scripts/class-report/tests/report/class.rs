//! Merging ledgers.

use class_report::class::Class;
use class_report::gradebook::Gradebook;
use class_report::policy::Policy;
use ledger::Verdict;

use crate::fixture::{model, of, unjudged, workspace};

#[test]
fn the_judgement_that_began_last_counts_wherever_it_is() {
    let first = unjudged("01", "anna", Verdict::GraderError);
    let mut second = model("01", "anna");
    second.started = "2026-12-01T09:00:00Z".parse().expect("a time");
    for entries in [vec![first.clone(), second.clone()], vec![second.clone(), first.clone()]] {
        let class = Class::new(&of(entries), &workspace());
        assert_eq!(class.labs[0].entries["anna"].verdict, Verdict::Passed);
        assert_eq!((class.replaced, class.students.len()), (1, 1));
    }
}

#[test]
fn a_grader_error_is_no_zero_and_leaves_the_total_open() {
    let class = Class::new(
        &of(vec![
            unjudged("01", "anna", Verdict::GraderError),
            model("02", "anna"),
            model("02", "ben"),
        ]),
        &workspace(),
    );
    let policy = Policy::default();
    let book = Gradebook::new(&class, &policy);
    let anna = book.result(&class.labs[0], &class.students[0]).expect("an entry");
    assert_eq!(anna.grade.points, None);
    assert_eq!(book.total_percent(&class.students[0]), None);
    assert_eq!(book.total_percent(&class.students[1]), Some(50.0), "lab 01 is missing");
    assert_eq!(book.grader_errors(), ["anna in lab 01: This is the reason."]);
}

#[test]
fn every_verdict_except_that_error_has_points() {
    use Verdict::{DidNotCompile, ExitedEarly, LimitHit, Refused, TimedOut};
    for verdict in [DidNotCompile, ExitedEarly, LimitHit, Refused, TimedOut] {
        let class = Class::new(&of(vec![unjudged("01", "anna", verdict)]), &workspace());
        let policy = Policy::default();
        let book = Gradebook::new(&class, &policy);
        let result = book.result(&class.labs[0], &class.students[0]).expect("an entry");
        assert_eq!((result.grade.points, result.grade.possible), (Some(0.0), 100.0));
    }
}

#[test]
fn a_test_that_could_not_run_gives_and_takes_no_points() {
    let mut entry = model("01", "anna");
    for number in [&mut entry.points, &mut entry.points_possible] {
        *number -= 3;
    }
    entry.steps[0].points -= 3;
    entry.steps[0].points_possible -= 3;
    let class = Class::new(&of(vec![entry]), &workspace());
    let policy = Policy::default();
    let book = Gradebook::new(&class, &policy);
    let result = book.result(&class.labs[0], &class.students[0]).expect("an entry");
    assert_eq!(result.grade.points, Some(100.0));
}
