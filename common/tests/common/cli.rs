//! Times on a command line.

use common::cli::{seconds, timeout};
use std::time::Duration;

#[test]
fn seconds_may_have_fractions_and_are_never_negative() {
    assert_eq!(seconds("0.25"), Ok(Duration::from_millis(250)));
    assert_eq!(seconds("0"), Ok(Duration::ZERO));
    for wrong in ["", "-1", "inf", "NaN", "1e300", "2 s"] {
        assert!(seconds(wrong).is_err(), "{wrong}");
    }
    assert!(timeout("0").is_err());
}
