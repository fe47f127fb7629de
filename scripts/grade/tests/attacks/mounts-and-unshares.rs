// Makes namespaces of its own, and mounts over files. A mounted folder in memory would have no limit.
// base: model
// verdict: passed
// points: 100

fn attack() {
    let script = "mount -t tmpfs none /box || mount --bind /tmp /etc || umount -l /usr";
    let mut unshare = std::process::Command::new("unshare");
    let unshare = unshare.args(["-rm", "sh", "-c", script]).stderr(std::process::Stdio::null());
    if unshare.status().is_ok_and(|status| status.success()) {
        stolen("a mount");
    }
}
