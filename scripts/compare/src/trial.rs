//! Starts each program once. A program that cannot start is reported before the suite and the rounds,
//! which take minutes.

use lab::error::Error;

use crate::candidate::{Candidate, Origin};
use crate::comparison;
use crate::plan::Plan;
use crate::server::Server;

/// Starts and ends each program.
///
/// # Errors
///
/// A program does not listen. The exit status says whose fault that is: the student's answer, the
/// command line's `--with`, or this machine's.
pub fn start_each(candidates: &[Candidate], plan: &Plan) -> Result<(), Error> {
    // It owns the folder that the arguments name, so it lives until the last program has ended.
    let load = comparison::load_of(plan)?;
    let arguments = load.arguments();
    for candidate in candidates {
        let what = || format!("cannot measure {}", candidate.name);
        Server::start(&candidate.command, &arguments).map_err(|why| match candidate.origin {
            Origin::Yours => Error::work_fails(what(), why),
            Origin::With => Error::usage(what(), why),
            Origin::Model | Origin::Peer => Error::failed(what(), why),
        })?;
    }
    Ok(())
}
