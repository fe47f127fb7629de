// The same by a relative path.
// base: stub
// verdict: did_not_compile
// points: 0

#[path = "../../../solutions/01-echo/src/listen.rs"]
mod model;

fn attack() {}
