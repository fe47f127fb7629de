//! The loads: what the clients of each lab send, and which answers they expect.
//!
//! | module | lab | one exchange |
//! | --- | --- | --- |
//! | `echo` | 01 | bytes that come back |
//! | `lines` | 02 | lines, each answered by `accepted` |
//! | `datagrams` | 03 | datagrams that come back, resent when one is lost |
//! | `frames` | 04 | frames `ECHO TEXT`, each answered by `OK TEXT` |
//! | `tls_lines` | 05 | lines over TLS, each answered by a line |
//! | `room` | 06 | a line of each member to all other members |
//! | `files` | 07 | the download of one file |
//! | `greeted` | 08 | after a greeting, lines that are no command, each answered by an error |
//!
//! A client sends a batch of messages, and then reads all their answers. The latency of an exchange
//! is the time from its first byte to its last one.

mod client;
pub mod clock;
mod conversation;
mod datagrams;
mod echo;
mod files;
mod frames;
mod greeted;
mod lines;
mod room;
mod tls_lines;
mod wire;

use std::io;

pub use client::{Client, Load};
use manifest::Shape;

use crate::plan::Plan;

/// The load that `plan` describes.
pub fn load_of(plan: &Plan) -> io::Result<Box<dyn Load>> {
    Ok(match plan.shape {
        Shape::Echo => Box::new(echo::Echo::new(plan)),
        Shape::Lines => Box::new(lines::Lines::new(plan)),
        Shape::Datagrams => Box::new(datagrams::Datagrams::new(plan)),
        Shape::Frames => Box::new(frames::Frames::new(plan)),
        Shape::TlsLines => Box::new(tls_lines::TlsLines::new(plan)?),
        Shape::Room => Box::new(room::Room::new(plan)),
        Shape::Files => Box::new(files::Files::new(plan)?),
        Shape::Greeted => Box::new(greeted::Greeted::new(plan)),
    })
}
