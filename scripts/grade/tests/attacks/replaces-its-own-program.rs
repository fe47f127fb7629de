// Replaces its own program by another one.
// base: model
// verdict: passed
// points: 100

fn attack() {
    if let Ok(program) = std::env::current_exe() {
        let _ = std::fs::remove_file(&program);
        let _ = std::fs::copy("/usr/bin/true", program);
    }
}
