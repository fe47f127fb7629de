//! The test kit: hostile peers that judge a program from outside its process.
//!
//! A suite starts the lab's binary as a child and talks to it only as the world would: through
//! sockets, stdin and stdout, signals and its exit status. Nothing here knows the student's code.
//!
//! ```ignore
//! #[test]
//! fn a_line_that_arrives_byte_by_byte_is_one_message() {
//!     let server = subject!("02").serve([]);      // starts it, waits for "listening on"
//!     let mut peer = server.connect("peer");
//!     peer.says("a message may arrive in any number of reads: collect bytes until the newline")
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
//! | [`Peer`], [`Host`] | a TCP client that talks to a server, a TCP server for clients to talk to |
//! | [`TlsSide`] | what makes a peer speak TLS; the crate `testkit-tls` has one, and certificates |
//! | [`ClosedPort`], [`BlackHole`] | addresses where nobody listens, or nobody answers |
//! | [`Datagrams`] | a UDP peer, for servers and for clients |
//! | [`faults`], [`Relay`] | what a bad network does to datagrams, written packet by packet |
//! | [`Group`] | a multicast group on loopback |
//! | [`for_any_cut`] | one conversation, cut at any places, shrunk to the smallest story |
//! | [`Ladder`] | the transcript that every failure prints |
//! | [`Pairs`] | a measurement of one thing beside another |
//!
//! # Time
//!
//! Nothing here sleeps to let something happen. Every wait ends at a deadline: two seconds
//! *without progress* (times `LAB_DEADLINE_SCALE`), which only a failing test reaches, and fifteen
//! in all. A program that waits for its disk then (fsync(2)) is not silent but slow, and given two
//! more. Whether the program has read our bytes is asked of the kernel
//! ([`Peer::wait_until_read`]); whether it has done all that it can, of its threads.
//!
//! # What stays
//!
//! Nothing. A program is killed with all that it has started, however its test ends: passed,
//! failed, interrupted. Its last words are read even then, and a panic or a crash that came after
//! every right answer fails the test.
//!
//! # Environment
//!
//! | variable | meaning |
//! | --- | --- |
//! | `LAB_SUBJECT` | the command to judge instead of the lab's binary, quoted as for a shell; relative to where you are |
//! | `LAB_SUBJECT_WRAPPER` | a command that goes in front of it, a sandbox for instance |
//! | `LAB_DEADLINE_SCALE` | a factor for all deadlines, for slow machines |
//! | `LAB_HURRY` | a factor for the times that a test chooses ([`scaled`], [`seconds`]), and not for how long it waits for the program |
//! | `LAB_REPORT` | a file to which a failing or skipped test writes what it has to say, as JSON; or a folder, where each test has such a file, and in a hurry an empty one, `TEST.waits`, if it chooses times |
//! | `LAB_COLOR` | `always`, `never`; by default a terminal decides (`NO_COLOR` is honoured) |

mod bad_line;
mod cuts;
mod datagram_ports;
mod datagrams;
mod deadline;
mod drain;
mod failure;
mod family;
pub mod faults;
mod foreign;
mod group;
mod host;
mod kernel;
mod ladder;
mod limits;
mod names;
mod pairs;
mod peer;
mod process;
pub mod processes;
mod relay;
mod resources;
mod session;
mod sock_diag;
mod subject;
mod terminal;
mod text;

pub use cuts::for_any_cut;
pub use datagram_ports::{ClosedDatagramPort, loopback_carries};
pub use datagrams::Datagrams;
pub use deadline::{Deadline, poll_until, scaled, seconds, stretched, takes_its_time};
pub use foreign::python;
pub use group::Group;
pub use host::{BlackHole, ClosedPort, Host};
pub use ladder::Ladder;
pub use limits::allow_open_files;
pub use pairs::Pairs;
pub use peer::{Decrypted, Peer, TlsEnd, TlsLayer, TlsSide};
pub use process::{Exit, Process, Server};
pub use relay::Relay;
pub use resources::Resources;
pub use session::Session;
pub use subject::Subject;
pub use tempfile::TempDir;
pub use text::show;
