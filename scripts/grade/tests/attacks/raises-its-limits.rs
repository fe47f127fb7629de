// Raises its own limits.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    let pid = std::process::id().to_string();
    let mut prlimit = std::process::Command::new("prlimit");
    let raised = prlimit.args(["--pid", &pid, "--nproc=10000", "--as=unlimited"]).status();
    if raised.is_ok_and(|status| status.success()) {
        stolen("higher limits");
    }
}
