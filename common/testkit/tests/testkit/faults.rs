//! All scripts of faults.

use testkit::faults::all_scripts;

#[test]
fn all_scripts_are_all_of_them_and_the_smallest_come_first() {
    let scripts = all_scripts(6, 6);
    // Packet 0 has nine fates, packet 1 eight, and so on; "delivered" is one of each.
    assert_eq!(scripts.len(), 9 * 8 * 7 * 6 * 5 * 4);
    assert!(scripts.is_sorted_by_key(Vec::len));
    assert_eq!(scripts[0], []);
    assert_eq!(all_scripts(2, 1).len(), 1 + 4 + 3);
}
