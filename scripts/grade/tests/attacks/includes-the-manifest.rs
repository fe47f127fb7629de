// Puts the lab's own lab.toml into the program.
// base: stub
// verdict: did_not_compile
// points: 0

const MANIFEST: &str = include_str!("../lab.toml");

fn attack() {
    eprintln!("{MANIFEST}");
}
