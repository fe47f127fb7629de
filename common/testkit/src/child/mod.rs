//! A program that runs as our child: its output, its input, its panics and its end.
//!
//! ```text
//!   Launch ──▶ Running ──▶ stdout, stderr   a thread each (OutputReader)
//!      │          └─────▶  panics, status   what a failing test asks
//!      └──────▶ StdinWriter                 a thread, from the first text on
//! ```

mod capture;
mod output;
mod panic;
mod pty;
mod registry;
mod running;
mod stdin;
mod trial;

pub use capture::Capture;
pub use output::KEPT;
pub use panic::{Panic, lines_but_unwritten};
pub use pty::Pty;
pub use registry::temporary_folder;
pub use running::{Launch, Running, Started};
pub use stdin::StdinWriter;
pub use trial::output_of;
