// Writes passes into the output of its parent, and kills it.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    let parent = std::os::unix::process::parent_id();
    let forged = "\ntest step1_listen::it_listens_on_ipv6_too ... ok\n";
    for descriptor in [1, 2] {
        let _ = std::fs::write(format!("/proc/{parent}/fd/{descriptor}"), forged);
    }
    let _ = std::process::Command::new("kill").args(["-9", &parent.to_string()]).status();
}
