// Writes a file that is longer than a file may be.
// base: stub
// verdict: exited_early
// points: 0

fn attack() {
    use std::io::Write;
    let Ok(mut file) = std::fs::File::create("/tmp/tests/wirelab-attack") else { return };
    let mut written = 0u64;
    while written < 300_000_000 && file.write_all(&[0; 1_000_000]).is_ok() {
        written += 1_000_000;
    }
    let _ = std::fs::remove_file("/tmp/tests/wirelab-attack");
    if written >= 300_000_000 {
        stolen("more of the disk than allowed");
    }
}
