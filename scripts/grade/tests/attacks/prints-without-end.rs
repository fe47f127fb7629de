// Prints fifty million bytes.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    use std::io::Write;
    let block = [b'x'; 65536];
    for _ in 0..800 {
        if std::io::stdout().write_all(&block).is_err() {
            return;
        }
    }
}
