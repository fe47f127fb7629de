//! Names of services.

use common::services::{name_of, port_of};

#[test]
fn a_name_and_its_port_lead_to_each_other() {
    for port in 0..=u16::MAX {
        if let Some(name) = name_of(port) {
            assert_eq!(port_of(name), Some(port), "{name}");
        }
    }
}

#[test]
fn the_ports_of_well_known_services_are_those_of_iana() {
    let known = [("ssh", 22), ("smtp", 25), ("domain", 53), ("http", 80), ("https", 443)];
    for (name, port) in known {
        assert_eq!(name_of(port), Some(name));
    }
    assert_eq!(port_of("HTTP"), None);
    assert_eq!(name_of(1), None);
}
