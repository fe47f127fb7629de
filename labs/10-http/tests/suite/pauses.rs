//! Ctrl-Z and `fg` while the program waits.

use testkit::Process;

/// Stops and continues `program` while it waits in a read or a write, which fails with EINTR if it
/// has a timeout (signal(7)). `false` where there are no signals.
pub fn interrupt_wait(program: &mut Process) -> bool {
    program.wait_until_idle();
    let has_signals = program.pause() && program.resume();
    // It waits again, or it has given up.
    program.wait_until_idle();
    has_signals
}
