//! Measuring one thing beside another.

use std::cell::RefCell;
use testkit::PairedBench;

#[test]
fn both_take_turns() {
    let order = RefCell::new(String::new());
    let measure = |name, figure| {
        order.borrow_mut().push(name);
        figure
    };
    let mut growing = 0.0;
    let pairs = PairedBench::measure(
        4,
        || {
            growing += 10.0;
            measure('a', growing)
        },
        || measure('b', 5.0),
    );
    assert_eq!(*order.borrow(), "abbaabba");
    assert_eq!((pairs.one(), pairs.other(), pairs.ratio()), (25.0, 5.0, 5.0));
    assert_eq!(pairs.ratios().collect::<Vec<_>>(), [2.0, 4.0, 6.0, 8.0]);
}
