// Prints a variable of the compiler's environment.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    eprintln!("STOLEN {:?}", option_env!("CANARY_VARIABLE"));
    eprintln!("{:?}", option_env!("HOME"));
}
