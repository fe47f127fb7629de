//! The kit's own tests: what it says of subjects that misbehave, and that nothing of them stays.
//!
//! The subjects are shell scripts. Where a script cannot play the part, the test plays a server
//! itself and the script only says where it listens. A test that must reach a deadline, or that
//! changes the environment, runs [apart](support::Apart), in a process of its own.
//!
//! A kit that never fails a test would pass most suites, so these tests provoke each failure.
#![cfg(unix)]

mod support;
mod trace;

mod closing;
#[cfg(target_os = "linux")]
mod deadlock;
mod ending;
mod environment;
mod faults;
mod idle;
#[cfg(target_os = "linux")]
mod interrupted;
mod leftovers;
mod machine;
mod names;
mod output;
mod panics;
mod peer;
mod ports;
#[cfg(target_os = "linux")]
mod resources;
mod scripted_server;
mod sending;
mod splits;
mod starting;
#[cfg(target_os = "linux")]
mod strace;
mod udp_peer;
