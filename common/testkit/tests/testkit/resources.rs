//! What a process uses.

use crate::support::{here, shell};

#[test]
fn threads_files_and_memory_are_counted() {
    let script = "echo begun; read go; exec 3<&0 4<&0 5<&0; echo opened; read end";
    let mut client = shell!(script).run([]);
    let mut counted = |line: &str| {
        client.expect_line(line);
        let resources = client.resources().expect("Linux has /proc");
        client.write_stdin(b"go\n");
        resources
    };
    let (before, after) = (counted("begun"), counted("opened"));
    assert_eq!((before.threads, after.threads), (1, 1));
    assert_eq!(after.descriptors, before.descriptors + 3);
    assert!(after.memory > 0 && after.peak_memory >= after.memory / 2, "{after:?}");
}
