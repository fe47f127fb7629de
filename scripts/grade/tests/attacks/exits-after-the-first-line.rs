// Prints that it listens, and exits with status 0.
// base: model
// verdict: failed
// points: any

fn attack() {
    println!("listening on 127.0.0.1:7001");
    std::process::exit(0);
}
