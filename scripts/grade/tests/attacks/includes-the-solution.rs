// Compiles the model answer by its path.
// base: stub
// verdict: did_not_compile
// points: 0

#[path = "WORKSPACE/solutions/01-echo/src/listen.rs"]
mod model;

fn attack() {}
