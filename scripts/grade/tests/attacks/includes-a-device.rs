// Puts an endless device into the program.
// base: stub
// verdict: did_not_compile
// points: 0

const ZEROS: &[u8] = include_bytes!("/dev/zero");

fn attack() {
    println!("{}", ZEROS.len());
}
