//! The program under test: how it is started, and one run of it.
//!
//! ```text
//!   Subject ─── start ───▶ Process ──▶ stdout, signals, exit     what a test expects of a run
//!      │                      └─────▶ Server                     a run with an address
//!      └── actors, any_split, hosts_file                         its peers
//! ```

mod actors;
mod any_split;
mod exit;
mod filter;
mod handover;
mod hosts_file;
mod library_path;
mod other_subject;
mod outdated;
mod process;
mod run_time;
mod server;
mod signals;
mod start;
mod stdout;
mod strace;
mod subject;
mod thread_limit;

pub use actors::python;
pub use exit::Exit;
pub use filter::{Filter, answers, compare, filter};
pub use process::Process;
pub use run_time::RunTime;
pub use server::Server;
pub use subject::Subject;
