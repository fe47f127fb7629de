//! Names that stand for the addresses of a test.

use crate::support::{here, shell};
use std::process::Command;

#[test]
fn the_order_of_the_resolver_is_found_out() {
    let names = [("n.test", "127.0.0.3"), ("n.test", "127.0.0.2")];
    let Some(subject) = shell!("").with_names(&names) else { return };
    assert!(subject.finds_in_order("n.test", &["127.0.0.3", "127.0.0.2"]));
    // Not every getent knows -A. Then any order is believed.
    let tried = Command::new("getent").args(["-A", "ahosts", "127.0.0.1"]).output();
    let can_tell = tried.is_ok_and(|tried| tried.status.success());
    assert_eq!(subject.finds_in_order("n.test", &["127.0.0.2", "127.0.0.3"]), !can_tell);
}
