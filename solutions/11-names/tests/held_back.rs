//! Tests that only the instructor has. They are longer than the suite, and have peers from other
//! authors.

#[path = "../../../labs/11-names/tests/suite/dns.rs"]
#[expect(dead_code, reason = "the suite uses the rest of it")]
mod dns;
#[path = "../../../labs/11-names/tests/suite/scans.rs"]
#[expect(dead_code, reason = "the suite uses the rest of it")]
mod scans;

#[path = "held_back/crowds.rs"]
mod crowds;
#[path = "held_back/forgers.rs"]
mod forgers;
#[path = "held_back/namespaces.rs"]
mod namespaces;
#[path = "held_back/python.rs"]
mod python;
#[path = "held_back/random.rs"]
mod random;
#[path = "held_back/tools.rs"]
mod tools;
