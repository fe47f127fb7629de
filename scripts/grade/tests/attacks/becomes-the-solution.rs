// Executes the program of the model answer.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    use std::os::unix::process::CommandExt;
    for program in ["WORKSPACE/target/debug/solution01", "/box/solution01", "/box/suite"] {
        let _ = std::process::Command::new(program).args(std::env::args().skip(1)).exec();
    }
}
