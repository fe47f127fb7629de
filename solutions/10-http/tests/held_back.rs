//! Tests that only the instructor has. They are longer than the suite, and have peers from other
//! authors.

#[path = "../../../labs/10-http/tests/suite/site.rs"]
mod site;

#[path = "held_back/browser.rs"]
mod browser;
#[path = "held_back/clients.rs"]
mod clients;
#[path = "held_back/crowd.rs"]
mod crowd;
#[path = "held_back/origins.rs"]
mod origins;
#[path = "held_back/random.rs"]
mod random;
#[path = "held_back/raw.rs"]
mod raw;
#[path = "held_back/smuggling.rs"]
mod smuggling;
#[path = "held_back/tools.rs"]
mod tools;
