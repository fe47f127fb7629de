// Listens on many ports of its judge's network.
// base: model
// verdict: passed
// points: 100

fn attack() {
    let listeners: Vec<_> = (20_000..20_200)
        .filter_map(|port| std::net::TcpListener::bind(("127.0.0.1", port)).ok())
        .collect();
    std::mem::forget(listeners);
}
