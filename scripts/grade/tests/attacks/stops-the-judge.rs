// Stops its parents (SIGSTOP).
// base: stub
// verdict: failed
// points: 0

fn attack() {
    let parent = std::os::unix::process::parent_id().to_string();
    let _ = std::process::Command::new("kill").args(["-STOP", &parent]).status();
}
