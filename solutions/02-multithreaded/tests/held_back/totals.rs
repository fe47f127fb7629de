//! Counting under a race. Two steps without work between them lose a message so seldom that it takes
//! several hundred thousand messages to see it every time: too many for each verdict of a student.

use crate::race::{count_in_a_race, expect_all_counted};
use testkit::{Subject, subject};

/// Clients that talk at the same time.
const CLIENTS: usize = 60;

/// On a busy machine, one race in twenty loses no message even if a lock is released between load
/// and store. A server that loses none in five races counts in one step.
const RACES: usize = 5;

#[test]
fn totals_are_exact_after_very_many_messages() {
    let lab = subject!("02");
    (0..RACES).for_each(|_| all_are_counted(&lab));
}

fn all_are_counted(lab: &Subject) {
    let mut server = lab.serve([]);
    let (sent, line) = count_in_a_race(&mut server, CLIENTS, 5400);
    let counted = line.rsplit(' ').next().and_then(|number| number.parse::<usize>().ok());
    let has_wrapped =
        counted.is_some_and(|counted| counted < sent && (sent - counted).is_multiple_of(65_536));
    server.check(
        !has_wrapped,
        &format!("After {sent} messages, `stats` answers `{line}`."),
        "count-in-64-bits",
        "Count messages in 64 bits, as in `AtomicU64`. A number of 16 bits starts again at 0 after 65,535.",
    );
    expect_all_counted(&server, CLIENTS, sent, &line);
}
