//! What Wirelab's labs share, so that each lab can be about its own idea.
//!
//! | module | for |
//! | --- | --- |
//! | [`cli`] | the conventions of every program: `listening on`, `error: WHAT: WHY`, exit status |
//! | [`net`] | a listening socket, and what its errors mean to a person |
//! | [`clients`] | a thread for each client, and none of them another's trouble |
//! | [`close`] | closing a connection so that the peer can read the last words |
//! | [`deadline`] | one deadline for all reads and writes of a stream |
//! | [`mod@line`] | lines of a text protocol, bounded |
//! | [`names`] | names of files in a shared folder |
//! | [`shutdown`] | Ctrl-C and SIGTERM: stop accepting, let running clients finish |
//! | [`filter`] | programs that answer each line of stdin with one line |
//! | [`hex`] | bytes as hexadecimal digits |
//! | [`network`] | a network of addresses, and whether an address is in it |
//! | [`services`] | the ports of some services |
//! | [`udp`] | a UDP socket that knows at which of its addresses it was asked |
//! | [`mod@log`] | one line on stderr for each event, with the time in UTC |

pub mod cli;
pub mod clients;
pub mod close;
pub mod deadline;
pub mod filter;
pub mod hex;
pub mod line;
pub mod log;
pub mod names;
pub mod net;
pub mod network;
pub mod services;
pub mod shutdown;
pub mod udp;
