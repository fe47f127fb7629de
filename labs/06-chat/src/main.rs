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
//! | naming | `name.rs`, `naming.rs` | asks for a name, takes a member into the room |
//! | broadcast | `broadcast.rs` | sends a line to all other members, clean and in one order |
//! | leaving | `leaving.rs` | ends a connection, with one goodbye |
//! | | `room.rs` | takes a member off the list |
//! | slow | `slow.rs` | gives each member a queue and a writer |
//! | | `room.rs` | disconnects members whose queue is full |
//! | commands | `commands.rs` | `/who`, `/msg`, `/quit` |
//! | client | `client.rs` | receives and types at the same time |
//! | shutdown | `shutdown.rs` | Ctrl-C: sends a last line to all members |
//!
//! Given: the rest of `room.rs` (the state that all connections share), and the files in `given/`.

pub mod broadcast;
pub mod client;
pub mod commands;
pub mod leaving;
pub mod name;
pub mod naming;
pub mod room;
pub mod shutdown;
pub mod slow;

mod given;

fn main() -> std::process::ExitCode {
    given::run::run()
}
