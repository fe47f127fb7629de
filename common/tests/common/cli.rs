//! Times on a command line, numbers, and text for a terminal.

use common::cli::{decimal, printable, seconds, timeout};
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

#[test]
fn a_number_has_digits_only() {
    assert_eq!(decimal("007"), Some(7_u8));
    for wrong in ["", "+7", "-7", "256", "7 ", "\u{0667}"] {
        assert_eq!(decimal::<u8>(wrong), None, "{wrong:?}");
    }
}

#[test]
fn text_of_a_peer_does_nothing_to_a_terminal() {
    assert_eq!(
        printable("a\u{1b}[2J\r\n\u{9b}é".as_bytes()),
        "a\u{fffd}[2J\u{fffd}\u{fffd}\u{fffd}é"
    );
    assert_eq!(printable(b"a\xffb"), "a\u{fffd}b");
}
