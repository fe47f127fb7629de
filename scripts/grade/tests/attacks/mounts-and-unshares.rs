// Makes namespaces of its own, and mounts over files. This succeeds, and no other program sees it.
// base: model
// verdict: passed
// points: 100

fn attack() {
    let script = "mount -t tmpfs none /box; mount --bind /tmp /etc; umount -l /usr";
    let mut unshare = std::process::Command::new("unshare");
    let _ = unshare.args(["-rm", "sh", "-c", script]).stderr(std::process::Stdio::null()).status();
}
