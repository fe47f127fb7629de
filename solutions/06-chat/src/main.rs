//! Lab 06, chat: one room, many speeds.
//!
//! ```text
//!   alice                     server                      bob
//!     │ ◀ Enter your name: ───── │                          │
//!     │ ── alice ──────────────▶ │ ── alice joined the chat▶ │
//!     │ ◀ Welcome, alice. ────── │                          │
//!     │   Here: bob              │                          │
//!     │ ── hello ──────────────▶ │ ── alice: hello ────────▶ │
//!     │ ── /quit ──────────────▶ │ ── alice left the chat ──▶ │
//!     │ ◀ Goodbye. ── FIN ────── │                          │
//! ```
//!
//! One file for each step, in this order:
//!
//! | step | file | what it does |
//! | --- | --- | --- |
//! | naming | `lines.rs`, `naming.rs` | reads lines, asks for a name, takes a member into the room |
//! | broadcast | `broadcast.rs` | a line goes to all others, clean and in one order |
//! | leaving | `leaving.rs` | one goodbye, whatever the way out |
//! | slow | `slow.rs` | a queue and a writer for each member |
//! | | `room.rs` | given, but for one place: what if a queue is full? |
//! | commands | `commands.rs` | `/who`, `/msg`, `/quit` |
//! | client | `client.rs` | listens while it types |
//! | shutdown | `shutdown.rs` | Ctrl-C: the room is told |
//!
//! Given: `room.rs` (who is in the room), and the files in `given/`.

pub mod broadcast;
pub mod client;
pub mod commands;
pub mod leaving;
pub mod lines;
pub mod naming;
pub mod room;
pub mod shutdown;
pub mod slow;

mod given;

fn main() -> std::process::ExitCode {
    given::run::run()
}
