//! Waiting for a condition that the system offers no event for.

use super::deadline::Deadline;
use process_tree::poll::poll_for;

/// Looks at `condition` until it holds (`true`) or the deadline has passed (`false`).
///
/// For what the system offers no event for: another process's state, a kernel table.
pub fn poll_until(deadline: Deadline, condition: impl FnMut() -> bool) -> bool {
    poll_for(deadline.left().unwrap_or_default(), condition)
}
