// Starts 150 processes at each start.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    let mut children = Vec::new();
    for _ in 0..150 {
        match std::process::Command::new("sleep").arg("DAEMON_SECONDS").spawn() {
            Ok(child) => children.push(child),
            Err(_) => break,
        }
    }
}
