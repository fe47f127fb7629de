//! Files that a student handed in for the wrong lab.

use lab::files;
use ledger::Verdict;

use crate::class::{Class, has_sandbox, workspace};

#[test]
fn files_of_another_lab_that_do_not_compile_name_that_lab() {
    if !has_sandbox() {
        return;
    }
    let class = Class::new();
    let other = workspace().join("solutions/03-udp/src");
    files::copy_files(&other, &class.submissions().join("anna")).expect("copied");
    class.add_file("ben/echo.rs", "fn {");
    class.grade(&[]);
    let reason = |student| class.entry(student).reason.expect("a reason");
    assert_eq!(class.entry("anna").verdict, Verdict::DidNotCompile);
    assert!(reason("anna").contains("It may be for lab 03"), "{}", reason("anna"));
    assert_eq!(reason("ben"), "It does not compile: 1 error.");
}
