// Puts the held-back tests into the program.
// base: stub
// verdict: did_not_compile
// points: 0

const TESTS: &str = include_str!("WORKSPACE/solutions/01-echo/tests/held_back.rs");

fn attack() {
    eprintln!("{TESTS}");
}
