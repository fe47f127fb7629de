//! Finds, signals and ends processes and everything that they have started.
//!
//! Killing only a parent leaves its children running. They keep the port, the pipe and the
//! terminal. A child may also have left the process group, or have become a daemon, which has
//! another parent, group and session.
//!
//! ```text
//!   test process ── starts ──▶ program ── forks ──▶ child          descendants: /proc
//!        │                        └───── daemon() ─▶ orphan         run id: WIRELAB_RUN_ID in
//!        └─ run id in the environment of the program ───────▶       its environment
//! ```
//!
//! | module | for |
//! | --- | --- |
//! | [`descendants`] | a process and its descendants; the program behind a wrapper |
//! | [`run_id`] | a mark in the environment that even a daemon keeps |
//! | [`orphans`] | becoming the parent of daemons, so that they are soon found |
//! | [`kill`] | ending a tree of processes, and all processes of a run |
//! | [`signal`] | Ctrl-C, SIGTERM, pause and resume; how a child ended |
//! | [`rlimit`] | how many files a process may open |
//! | [`proc_fs`] | the few fields of `/proc` that this takes |
//! | [`poll`] | looking at a condition until it holds |
//!
//! On Linux the processes are found through `/proc` (proc(5)). Elsewhere on Unix the process group
//! must do. Windows has `taskkill /T`.

pub mod descendants;
pub mod kill;
pub mod orphans;
pub mod poll;
pub mod proc_fs;
pub mod rlimit;
pub mod run_id;
pub mod signal;

pub use kill::{kill_by_run_id, kill_test_process, kill_tree};
pub use orphans::adopt_orphans;
pub use rlimit::{OPEN_FILES, allow_open_files};
pub use run_id::{RUN_ID, RunId};
