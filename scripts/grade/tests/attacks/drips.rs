// Prints one byte every half second.
// base: model
// verdict: any
// points: any

fn attack() {
    use std::io::Write;
    loop {
        let _ = std::io::stdout().write_all(b".");
        let _ = std::io::stdout().flush();
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
}
