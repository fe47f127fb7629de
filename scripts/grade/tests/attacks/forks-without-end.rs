// Starts more processes than a box may have.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    let mut children = Vec::new();
    for _ in 0..300 {
        match std::process::Command::new("sleep").arg("DAEMON_SECONDS").spawn() {
            Ok(child) => children.push(child),
            Err(_) => break,
        }
    }
    if children.len() == 300 {
        eprintln!("STOLEN more processes than allowed");
    }
}
