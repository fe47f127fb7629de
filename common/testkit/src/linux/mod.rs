//! What the kernel says of another process and its sockets. Elsewhere than on Linux there is a
//! pause instead, or no answer.
//!
//! | module | source |
//! | --- | --- |
//! | `sock_diag` | sock_diag(7): one socket, by its addresses |
//! | `queues` | waits on what `sock_diag` says: was it read, accepted, closed? |
//! | `threads` | `/proc/PID/task`: do all threads sleep? |
//! | `resources` | `/proc/PID/status`: threads, descriptors, memory |

mod queues;
mod resources;
mod sock_diag;
mod threads;

pub(crate) use queues::{
    backlog, is_open, wait_until_accepted, wait_until_arrived, wait_until_datagrams_read,
    wait_until_ended, wait_until_read,
};
pub use resources::Resources;
pub(crate) use threads::{OwnThread, Watched, is_stopped, one_waits_for_a_disk, wait_until_idle};
