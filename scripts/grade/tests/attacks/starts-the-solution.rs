// Starts the program of the model answer, and sleeps.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    let program = "WORKSPACE/target/debug/solution01";
    if std::process::Command::new(program).args(std::env::args().skip(1)).spawn().is_ok() {
        std::thread::sleep(std::time::Duration::from_secs(20));
    }
}
