//! System calls that strace(1) lets fail.

use crate::support::{assert_says, failure, here, shell};

#[test]
fn a_fault_is_a_row_of_the_ladder() {
    let rows = [
        ("write,read:error=EPERM:when=1", "write or read fails with EPERM: call 1 "),
        ("write:error=ENOSPC:when=2+", "write fails with ENOSPC: call 2"),
        ("bind:error=EIO:when=2+3", "after it"),
        ("socket:error=EMFILE", "socket fails with EMFILE: each call"),
        ("write:delay_exit=1", "write returns 1 µs late: each call"),
    ];
    for (fault, row) in rows {
        let Some(lab) = shell!("exit 3").with_fault(fault) else { return };
        let text = failure(|| {
            lab.run([]).expect_exit(0);
        });
        assert_says(&text, &[row]);
    }
}
