//! Log lines.

use common::log::utc;
use std::time::Duration;
use std::time::SystemTime;

#[test]
fn a_time_is_given_in_utc_to_the_second() {
    let time = SystemTime::UNIX_EPOCH + Duration::from_millis(86_400_000 + 3_723_999);
    assert_eq!(utc(time), "1970-01-02T01:02:03Z");
}
