// Starts forty processes at each start.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    for _ in 0..40 {
        let _ = std::process::Command::new("setsid").args(["-f", "sleep", "DAEMON_SECONDS"]).status();
    }
}
