//! The test kit: hostile peers that judge a program from outside its process.
//!
//! A suite starts the lab's binary as a child and talks to it only from outside, through sockets,
//! stdin and stdout, signals and its exit status. Nothing here knows the student's code.
//!
//! ```ignore
//! #[test]
//! fn a_line_that_arrives_byte_by_byte_is_one_message() {
//!     let server = subject!("02").serve([]);      // starts it, waits for "listening on"
//!     let mut peer = server.connect("peer");
//!     peer.says("collect-until-newline", "a message may arrive in any number of reads")
//!         .send_byte_by_byte(b"hello\n")          // each byte a read of its own
//!         .expect(b"accepted\n");
//!     peer.expect_silence();                      // nothing but that one answer
//! }
//! ```
//!
//! | piece | what it is |
//! | --- | --- |
//! | [`subject!`](crate::subject), [`Subject`] | the program under test: `serve`, `serve_as`, `run`; its limits |
//! | [`Process`], [`Server`] | one run of it: stdin, stdout, signals, exit status, resource counters |
//! | [`filter()`] | a program that answers each line of stdin with one line |
//! | [`Peer`], [`ScriptedServer`] | a TCP client that talks to a server, a TCP server for clients to talk to |
//! | [`TlsSide`] | what makes a peer speak TLS; the crate `testkit-tls` has one, and certificates |
//! | [`ClosedPort`], [`BlackHole`] | addresses at which no server listens, or none answers |
//! | [`UdpPeer`] | a UDP peer, for servers and for clients |
//! | [`faults`], [`Relay`] | what a bad network does to datagrams, written packet by packet |
//! | [`MulticastGroup`] | a multicast group on loopback |
//! | [`for_any_split`] | one conversation, split at any offsets, shrunk to the smallest story |
//!
//! The modules in layers, each using only those below it:
//!
//! ```text
//!   program                  Subject, Process, Server
//!   tcp   udp   splits       peers
//!   party                    a peer, or a run, as the ladder and a failure name it
//!   context                  one test: its ladder, its processes, how it fails
//!   cause   failure  ladder  which program explains a failure; the report; the transcript
//!   trace                    every byte, where the runner asks for it
//!   machine                  what the machine must allow
//!   child                    a process, its output, its input
//!   linux                    sockets and threads, as the kernel shows them
//!   time                     deadlines, scale factors
//! ```
//!
//! # Time
//!
//! Nothing here sleeps to let something happen. Every wait has a deadline of two seconds *without
//! progress* (times `LAB_DEADLINE_SCALE`), which only a failing test reaches, and fifteen in all. A
//! program that waits for its disk then (fsync(2)) is not silent but slow, and given two more. A
//! program that has printed nothing and has no socket yet is starting, and given ten seconds. The
//! kernel knows whether the program has read our bytes ([`Peer::wait_until_read`]). The threads of
//! the program show whether it has handled them.
//!
//! # Messages
//!
//! Each message has an id that does not change with its wording and stands beside it, and so has
//! each advice of a suite: `says("echo-each-read", "write back what each read returned")`.
//!
//! # What stays
//!
//! Nothing. A program is killed with its descendants, however its test ends: passed, failed,
//! interrupted. Its last words are read even then, and a panic or a crash that came after every
//! right answer fails the test. So it is not killed before it has handled what it was sent last.
//!
//! # Machines that allow too little
//!
//! The first subject raises the limits of this process, for open files and for processes. The
//! programs inherit them. A machine that still allows too little gives no verdict on the program.
//! The test fails with the outcome [`report::Outcome::Machine`].
//!
//! # Environment
//!
//! See [`report::env`].

mod cause;
mod child;
mod context;
mod failure;
mod ladder;
mod linux;
mod machine;
mod party;
mod program;
mod splits;
mod tcp;
mod time;
mod trace;
mod udp;

pub use child::temporary_folder;
pub use linux::Resources;
pub use process_tree::allow_open_files;
pub use program::{
    Exit, Filter, Process, RunTime, Server, Subject, answers, compare, filter, python,
};
pub use report::bytes::{show, show_all};
pub use report::env::{is_traced, scale_deadline};
pub use report::time::show_time;
pub use splits::for_any_split;
pub use tcp::{
    BlackHole, ClosedPort, Decrypted, Dribble, Peer, ScriptedServer, TlsEnd, TlsLayer, TlsSide,
    large_send_buffers,
};
pub use tempfile::TempDir;
pub use time::{Deadline, poll_until, test_time, test_time_arg};
pub use udp::{ClosedUdpPort, MulticastGroup, Relay, UdpPeer, faults, loopback_carries};
