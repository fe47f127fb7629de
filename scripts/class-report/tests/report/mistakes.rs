//! Which wrong beliefs fit the failures of a class.

use std::collections::BTreeMap;

use class_report::beliefs::failed_tests;
use ledger::Entry;

use crate::fixture::{backlog_of_one, fail, failure, model};

fn by_id(entries: Vec<Entry>) -> BTreeMap<String, Entry> {
    entries.into_iter().map(|entry| (entry.student.id.clone(), entry)).collect()
}

#[test]
fn a_belief_fits_if_the_same_test_reports_the_same() {
    let mistakes = [backlog_of_one()];
    let test = "step1_listen::a_burst_of_clients_waits_in_the_backlog";
    let mut same = model("01", "anna");
    fail(&mut same, test, &failure("check-failed", "pass-the-backlog-to-listen"));
    let mut other = model("01", "ben");
    fail(&mut other, test, &failure("closed-early", "something-else"));
    let mut others_too = model("01", "chris");
    fail(
        &mut others_too,
        "step2_echo::a_text_comes_back",
        &failure("closed-early", "something-else"),
    );
    let entries = by_id(vec![same, other, others_too, model("01", "dora")]);

    let tests = failed_tests(&entries, &mistakes);
    let names: Vec<&str> = tests.iter().map(|test| test.name).collect();
    assert_eq!(names, ["a_burst_of_clients_waits_in_the_backlog", "a_text_comes_back"]);
    assert_eq!((tests[0].judged, &tests[0].failed[..]), (4, &["anna", "ben"][..]));
    let [belief] = &tests[0].beliefs[..] else { panic!("{:?}", tests[0].beliefs) };
    assert_eq!((belief.text, belief.students), ("the backlog is `1`", 1));
    assert!(tests[1].beliefs.is_empty(), "{:?}", tests[1].beliefs);
}
