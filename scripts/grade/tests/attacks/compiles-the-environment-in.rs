// Prints a variable of the compiler's environment.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    if let Some(secret) = option_env!("CANARY_VARIABLE") {
        stolen(secret);
    }
}
