//! What a client gets while the log cannot be written.

use super::super::{LONG_FRAME_TIMEOUT, frame};
use super::RECORD_FIRST;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use testkit::subject;

#[test]
fn the_log_has_the_reason_before_the_client_has_its_code() {
    let lab = subject!("04");
    let folder = lab.folder();
    let path = folder.path().join("pipe");
    // A write into a full pipe waits, so a server that records first has sent nothing.
    let Some(mut pipe) = full_pipe(&path) else { return lab.skip("there is no pipe to fill") };
    let log = ["--log", &path.to_string_lossy()];
    let server = lab.serve(log.into_iter().chain(LONG_FRAME_TIMEOUT));
    let mut peer = server.connect("peer");
    peer.send(&u32::MAX.to_be_bytes());
    server.wait_until_idle();
    server.check(
        !peer.has_received(),
        "The log is a pipe that is full, so no line is in it yet, and the client has its answer.",
        "record-before-you-answer",
        RECORD_FIRST,
    );
    // Ends with an error when the pipe is empty.
    let _ = io::copy(&mut pipe, &mut io::sink());
    peer.says("record-before-you-answer", RECORD_FIRST).expect(&frame("ERROR TOO_LONG"));
}

/// A named pipe at `path` that is full. `None` where there is none.
fn full_pipe(path: &Path) -> Option<File> {
    let mut pipe = pipe(path)?;
    // The kernel keeps up to 4,096 bytes together, so no line fits behind the last of them.
    while pipe.write(&[b'-'; 4096]).is_ok() {}
    Some(pipe)
}

/// Makes a named pipe, and opens both of its ends. No call waits.
#[cfg(target_os = "linux")]
fn pipe(path: &Path) -> Option<File> {
    use std::os::unix::fs::OpenOptionsExt;
    /// Of open(2).
    const O_NONBLOCK: i32 = 0o4000;
    let made = std::process::Command::new("mkfifo").arg(path).status();
    made.is_ok_and(|status| status.success()).then_some(())?;
    File::options().read(true).write(true).custom_flags(O_NONBLOCK).open(path).ok()
}

#[cfg(not(target_os = "linux"))]
fn pipe(_: &Path) -> Option<File> {
    None
}
