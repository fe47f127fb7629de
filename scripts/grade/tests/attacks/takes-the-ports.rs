// Listens on many ports of its judge's network.
// base: model
// verdict: failed
// points: any

fn attack() {
    let listeners: Vec<_> = (20_000..20_200)
        .filter_map(|port| std::net::TcpListener::bind(("127.0.0.1", port)).ok())
        .collect();
    std::mem::forget(listeners);
}
