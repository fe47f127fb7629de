// Connects to a service of this machine.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    if std::net::TcpStream::connect("SERVICE").is_ok() {
        stolen("a connection to the machine");
    }
}
