// Writes to an address.
// base: stub
// verdict: did_not_compile
// points: 0

fn attack() {
    unsafe { std::ptr::null_mut::<u8>().write(0) };
}
