// Prints its environment and that of its parent.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    for (name, value) in std::env::vars() {
        eprintln!("{name}={value}");
    }
    let parent = std::os::unix::process::parent_id();
    let environment = std::fs::read(format!("/proc/{parent}/environ")).unwrap_or_default();
    eprintln!("{}", String::from_utf8_lossy(&environment));
}
