// Lets the linker write a file that is longer than a file may be.
// base: stub
// verdict: limit_hit
// points: 0

static LARGE: [u8; 199_000_000] = [1; 199_000_000];

fn attack() {
    println!("{}", LARGE[std::process::id() as usize % LARGE.len()]);
}
