// Writes into the memory of its parent.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    let parent = std::os::unix::process::parent_id();
    let memory = std::fs::OpenOptions::new().write(true).open(format!("/proc/{parent}/mem"));
    if memory.is_ok() {
        eprintln!("STOLEN the memory of the judge");
    }
    let name = std::fs::read_to_string(format!("/proc/{parent}/cmdline")).unwrap_or_default();
    if name.contains("suite") {
        eprintln!("STOLEN the name of the judge");
    }
}
