// Sends a signal to every process that it sees.
// base: model
// verdict: any
// points: any

fn attack() {
    let own = std::process::id().to_string();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.bytes().all(|byte| byte.is_ascii_digit()) && name != own {
            let _ = std::process::Command::new("kill").args(["-0", &name]).status();
        }
    }
}
