//! The loads: what the clients of each lab send, and which answers they expect.
//!
//! | module | lab | one exchange |
//! | --- | --- | --- |
//! | `conversation` | 01 | bytes that come back |
//! | `conversation` | 02 | lines, each answered by `accepted` |
//! | `datagrams` | 03 | datagrams that come back, resent when one is lost |
//! | `conversation` | 04 | frames `ECHO TEXT`, each answered by `OK TEXT` |
//! | `tls_lines` | 05 | lines over TLS, each answered by a line |
//! | `room` | 06 | a line of each member to all other members |
//! | `files` | 07 | the download of one file |
//! | `conversation` | 08 | after a greeting, lines that are no command, each answered by an error |
//! | `conversation` | 09 | lines `echo TEXT`, each answered by `TEXT` |
//! | `pages` | 10 | a page, on a connection that stays open |
//! | `datagrams` | 11 | DNS queries, each answered by one address |
//!
//! A client sends a batch of messages, and then reads all their answers. The latency of an exchange
//! is the time from its first byte to its last one.

mod client;
pub mod clock;
mod conversation;
mod datagrams;
mod files;
mod pages;
mod room;
mod served;
mod tls_lines;
mod wire;

use std::io;

pub use client::{Client, Load};
use conversation::Conversation;
use manifest::Shape;

use crate::plan::Plan;

/// The load that `plan` describes.
pub fn load_of(plan: &Plan) -> io::Result<Box<dyn Load>> {
    Ok(match plan.shape {
        Shape::Echo => Box::new(Conversation::echo(plan)),
        Shape::Lines => Box::new(Conversation::lines(plan)),
        Shape::Datagrams => Box::new(datagrams::Datagrams::echo(plan)),
        Shape::Frames => Box::new(Conversation::frames(plan)),
        Shape::TlsLines => Box::new(tls_lines::TlsLines::new(plan)?),
        Shape::Room => Box::new(room::Room::new(plan)),
        Shape::Files => Box::new(files::Files::new(plan)?),
        Shape::Http => Box::new(pages::Pages::new(plan)?),
        Shape::Queries => Box::new(datagrams::Datagrams::queries(plan)?),
        Shape::Greeted => Box::new(Conversation::greeted(plan)),
        Shape::Repeated => Box::new(Conversation::repeated(plan)),
    })
}
