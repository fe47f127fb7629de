// Computes without end.
// base: model
// verdict: failed
// points: any

fn attack() {
    loop {
        std::hint::spin_loop();
    }
}
