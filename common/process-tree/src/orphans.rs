//! Orphans: processes whose parent has ended. The kernel makes them children of init, or of the nearest
//! ancestor that asked for them (`PR_SET_CHILD_SUBREAPER`, prctl(2)).
//!
//! To find them among the children of init, one has to look at every process of the machine. A test
//! process that adopts them looks at its own children only.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether this process adopts orphans.
static ADOPTS: AtomicBool = AtomicBool::new(false);

/// From now on, orphans among the descendants of this process become its children. Elsewhere than on
/// Linux it does nothing.
pub fn adopt_orphans() {
    ADOPTS.store(imp::become_subreaper(), Ordering::SeqCst);
}

/// The orphans that this process has adopted, and the children of threads that have ended. `None`: it
/// adopts none, or the kernel has no lists of children.
pub(crate) fn adopted() -> Option<Vec<u32>> {
    ADOPTS.load(Ordering::SeqCst).then(imp::children_of_main_thread).flatten()
}

#[cfg(target_os = "linux")]
mod imp {
    use crate::descendants::children_of_thread;
    use rustix::process::{getpid, set_child_subreaper};
    use std::process;

    pub fn become_subreaper() -> bool {
        set_child_subreaper(Some(getpid())).is_ok()
    }

    /// The kernel gives orphans to the first thread of a process that lives.
    pub fn children_of_main_thread() -> Option<Vec<u32>> {
        children_of_thread(process::id(), process::id())
    }
}

#[cfg(not(target_os = "linux"))]
mod imp {
    pub fn become_subreaper() -> bool {
        false
    }

    pub fn children_of_main_thread() -> Option<Vec<u32>> {
        None
    }
}
