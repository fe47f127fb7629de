// Writes a large file into each folder that it finds.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    for folder in ["/tmp", "/tmp/tests", "/dev/shm", "/var/tmp", "WORKSPACE/target"] {
        let _ = std::fs::write(format!("{folder}/wirelab-attack"), vec![0; 20_000_000]);
    }
    if std::fs::write("/wirelab-attack", "").is_ok() {
        stolen("memory without a limit");
    }
}
