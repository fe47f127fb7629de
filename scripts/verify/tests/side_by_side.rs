//! Labs that are verified at the same time.

use std::cell::RefCell;
use std::sync::Barrier;
use std::sync::mpsc::Sender;

use verify::side_by_side::side_by_side;

/// Verifies `labs`, and returns the printed pages and the results.
fn run(
    labs: &[usize],
    verify: impl Fn(&usize, Sender<String>) -> usize + Sync,
) -> (String, Vec<usize>) {
    let printed = RefCell::new(String::new());
    let results = side_by_side(labs, verify, |page| printed.borrow_mut().push_str(page));
    (printed.into_inner(), results)
}

#[test]
fn pages_and_results_have_the_order_of_the_labs() {
    // Each lab waits for another one, so the labs run at the same time.
    let (first, second) = (Barrier::new(2), Barrier::new(2));
    let (printed, results) = run(&[1, 2, 3], |lab, pages| {
        pages.send(format!("{lab}a ")).expect("printed");
        if *lab <= 2 {
            first.wait();
        }
        if *lab >= 2 {
            second.wait();
        }
        pages.send(format!("{lab}b ")).expect("printed");
        10 * lab
    });
    assert_eq!(printed, "1a 1b 2a 2b 3a 3b ");
    assert_eq!(results, [10, 20, 30]);
}

#[test]
fn more_labs_than_run_at_once_are_all_verified() {
    let labs: Vec<usize> = (0..20).collect();
    let (printed, results) = run(&labs, |lab, pages| {
        pages.send(format!("{lab} ")).expect("printed");
        *lab
    });
    assert_eq!(printed.split_whitespace().count(), labs.len());
    assert_eq!(results, labs);
}
