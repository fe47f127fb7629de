// Writes into the memory of its parent.
// base: stub
// verdict: failed
// points: 0

fn attack() {
    let parent = std::os::unix::process::parent_id();
    let name = std::fs::read_to_string(format!("/proc/{parent}/comm")).unwrap_or_default();
    let memory = std::fs::OpenOptions::new().write(true).open(format!("/proc/{parent}/mem"));
    // The first process of its own box has no more rights than the program.
    if memory.is_ok() && name.trim() != "bwrap" {
        stolen("the memory of the judge");
    }
    let command = std::fs::read_to_string(format!("/proc/{parent}/cmdline")).unwrap_or_default();
    if command.contains("suite") {
        stolen("the name of the judge");
    }
}
