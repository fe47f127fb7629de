// Puts a function where the loader runs it.
// base: stub
// verdict: did_not_compile
// points: 0

extern "C" fn early() {}

#[unsafe(link_section = ".init_array")]
#[used]
static EARLY: extern "C" fn() = early;

fn attack() {}
