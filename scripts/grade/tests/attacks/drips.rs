// Prints one byte every half second, for four seconds.
// base: model
// verdict: any
// points: any

fn attack() {
    use std::io::Write;
    for _ in 0..8 {
        let _ = std::io::stdout().write_all(b".");
        let _ = std::io::stdout().flush();
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
    std::process::exit(3);
}
