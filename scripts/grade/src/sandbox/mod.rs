//! Where untrusted programs are built and judged.
//!
//! ```text
//! build box    rustc: no network; sources, toolchain and crates read-only; one folder to write to
//! judge box    the suite: a network, processes and temporary files of its own
//!   └ inner    the submitted program: no file of the judge except the folders of the tests
//! git box      git: a clone, read-only
//! ```
//!
//! The submitted program shares only the network with its judge. It sees neither the process of the
//! judge, nor its reports, nor its output.

mod activity;
mod bounded;
mod bubblewrap;
pub mod confine;
mod limits;
mod settings;
mod trial;

use serde::{Deserialize, Serialize};

pub use bounded::{Ended, run_bounded};
pub use bubblewrap::{Bubblewrap, User, give_to_nobody};
pub use limits::Limits;
pub use settings::{COPIES, copy_settings};
pub use trial::try_out;

/// What keeps submissions away from this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sandbox {
    /// bubblewrap (bwrap(1)), as this user.
    Bubblewrap(User),
    /// Nothing. Submissions have all rights of this user.
    None,
}

/// The folder of the box with the files of the grader.
pub const BOX: &str = "/box";

/// The temporary folders of tests, which the submitted program shares with its judge.
pub const TESTS: &str = "/tmp/tests";
