//! Policies: what lateness, causes, held-back tests and overrides do to a grade.

use class_report::class::Class;
use class_report::grade::Grade;
use class_report::gradebook::Gradebook;
use class_report::policy::Policy;
use ledger::{Entry, Outcome, Verdict};
use report::{Failure, Kind};

use crate::fixture::{fail, fail_held_back, failure, model, of, workspace};

fn grade(entry: Entry, policy: &str) -> Grade {
    let policy = Policy::parse(policy).expect("a policy");
    let class = Class::new(&of(vec![entry]), &workspace());
    let lab = &class.labs[0];
    Grade::new(lab.entries.values().next().expect("an entry"), lab, &policy)
}

fn submitted(time: &str) -> Entry {
    let mut entry = model("01", "anna");
    entry.submission.submitted = Some(time.parse().expect("a time"));
    entry
}

const LATE: &str = "
    [late]
    percent_per_day = 10
    grace_minutes = 15
    last_day = 2
    [lab.01]
    deadline = \"2026-11-30T23:59:00Z\"
";

#[test]
fn each_day_that_has_begun_costs_its_share() {
    for (time, days, points) in [
        ("2026-11-30T23:59:00Z", None, 100.0),
        ("2026-12-01T00:14:00Z", None, 100.0),
        ("2026-12-01T00:15:00Z", Some(1), 90.0),
        ("2026-12-01T23:59:00Z", Some(1), 90.0),
        ("2026-12-01T23:59:01Z", Some(2), 80.0),
        ("2026-12-02T23:59:01Z", Some(3), 0.0),
    ] {
        let grade = grade(submitted(time), LATE);
        assert_eq!(grade.lateness.map(|late| late.days), days, "{time}");
        assert_eq!(grade.points, Some(points), "{time}");
    }
}

#[test]
fn a_late_mark_without_a_time_costs_nothing_and_is_reported() {
    let mut entry = model("01", "anna");
    entry.submission.marked_late = true;
    let grade = grade(entry, LATE);
    assert_eq!(grade.points, Some(100.0));
    assert_eq!(
        grade.remarks,
        ["It is marked as late, but no time of submission is known, so it costs nothing."]
    );
}

#[test]
fn a_deadline_for_submissions_without_a_time_is_reported_once() {
    let timed = submitted("2026-11-30T23:59:00Z");
    let class = Class::new(&of(vec![timed, model("01", "ben"), model("01", "eva")]), &workspace());
    let policy = Policy::parse(LATE).expect("a policy");
    let remarks = Gradebook::new(&class, &policy).remarks();
    assert_eq!(
        remarks,
        ["Lab 01: 2 submissions have no time, so they get no penalty for lateness."]
    );
}

#[test]
fn the_reason_of_a_failed_submission_is_a_remark_for_the_instructor() {
    let mut entry = model("01", "anna");
    entry.verdict = Verdict::Failed;
    entry.reason = Some("A test may have a defect.".into());
    let class = Class::new(&of(vec![entry]), &workspace());
    let remarks = Gradebook::new(&class, &Policy::default()).remarks();
    assert_eq!(remarks, ["anna in lab 01: A test may have a defect."]);
}

#[test]
fn a_cause_that_counts_once_costs_one_test() {
    let mut entry = model("01", "anna");
    let tests = entry.steps[1].tests.len();
    fail(&mut entry, "step2_echo::", &failure("closed-early", "read-in-a-loop"));
    // The first test passes, and the other tests fail for one cause.
    let first = entry.steps[1].tests[0].clone();
    entry.steps[1].tests[0] = crate::fixture::passed(&first.module, &first.name);
    let points = f64::from(entry.steps[1].points_possible);
    entry.steps[1].points = entry.steps[1].points_possible / u32::try_from(tests).expect("few");
    let each = grade(entry.clone(), "");
    let once = grade(entry, "same_cause = \"counts_once\"");
    assert_eq!(once.points, Some(100.0 - points / 2.0), "one passed, one cause");
    assert!(each.points < once.points, "{each:?}");
}

#[test]
fn a_test_that_passed_counts_also_if_its_points_were_rounded_to_none() {
    let mut entry = model("01", "anna");
    fail(&mut entry, "step2_echo::", &failure("closed-early", "read-in-a-loop"));
    let first = entry.steps[1].tests[0].clone();
    entry.steps[1].tests[0] = crate::fixture::passed(&first.module, &first.name);
    assert_eq!(entry.steps[1].points, 0);
    let once = grade(entry.clone(), "same_cause = \"counts_once\"");
    let points = f64::from(entry.steps[1].points_possible);
    assert_eq!(once.points, Some(100.0 - points / 2.0));
}

#[test]
fn functions_that_are_not_written_count_all() {
    let mut entry = model("01", "anna");
    fail(
        &mut entry,
        "step",
        &Failure::new(Kind::Unwritten, "unwritten", "step listen is not written yet"),
    );
    let once = grade(entry, "same_cause = \"counts_once\"");
    assert_eq!(once.points, Some(0.0));
}

#[test]
fn held_back_tests_count_if_the_policy_says_so() {
    let mut entry = model("01", "anna");
    fail_held_back(&mut entry, &failure("closed-early", "read-in-a-loop"));
    let without = grade(entry.clone(), "");
    assert_eq!((without.points, without.possible), (Some(100.0), 100.0));
    let with = grade(entry, "[lab.01]\nheld_back_points = 20");
    assert_eq!((with.points, with.possible), (Some(110.0), 120.0));
}

#[test]
fn held_back_tests_that_could_not_run_cost_nothing() {
    let mut entry = model("01", "anna");
    entry.held_back.iter_mut().for_each(|test| test.outcome = Outcome::Skipped);
    let none = grade(entry.clone(), "[lab.01]\nheld_back_points = 20");
    assert_eq!((none.points, none.possible), (Some(120.0), 120.0));
    entry.held_back.clear();
    let no_test_passed = grade(entry, "[lab.01]\nheld_back_points = 20");
    assert_eq!((no_test_passed.points, no_test_passed.possible), (Some(100.0), 120.0));
}

#[test]
fn a_wrong_policy_is_refused() {
    for (text, why) in [
        ("percent = 3", "unknown field"),
        ("[late]\npercent_per_day = 300", "from 0 to 100"),
        ("[late]\npercent_per_day = -1", "from 0 to 100"),
        ("[lab.01]\nweight = -1", "the weight of lab 01"),
        ("[lab.01]\ndeadline = \"tomorrow\"", "deadline"),
    ] {
        let error = Policy::parse(text).expect_err(text);
        assert!(error.contains(why), "{text}: {error}");
    }
}
