// Prints nothing, and sleeps.
// base: model
// verdict: failed
// points: any

fn attack() {
    loop {
        std::thread::park();
    }
}
