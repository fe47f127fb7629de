// Takes more address space than it may have.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    let mut block: Vec<u8> = Vec::new();
    if block.try_reserve_exact(4_000_000_000).is_ok() {
        stolen("more memory than allowed");
    }
}
