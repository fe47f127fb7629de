//! Times as a person reads them.

use report::time::show_time;
use std::time::Duration;

#[test]
fn a_time_has_one_unit_whatever_measured_it() {
    let shown = |milliseconds: f64| show_time(Duration::from_secs_f64(milliseconds / 1000.0));
    let wanted = [
        (0.0, "0.0 ms"),
        (3.54, "3.5 ms"),
        (9.96, "10 ms"),
        (300.0, "300 ms"),
        (999.4, "999 ms"),
        (999.6, "1.0 s"),
        (1520.0, "1.52 s"),
        (2000.0, "2.0 s"),
        (12_340.0, "12.34 s"),
    ];
    for (milliseconds, text) in wanted {
        assert_eq!(shown(milliseconds), text);
    }
}
