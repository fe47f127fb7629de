//! A lab's program is the same file, byte for byte, whether it is built alone (`cargo build`,
//! `cargo lab test`) or with its suite (`cargo test`). So no crate that both use may have another
//! feature with the suite, and none of the kit's crates may be in the program.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The crates of the judge.
const JUDGE: [&str; 4] = ["process-tree", "report", "testkit", "testkit-tls"];

/// The crates that `package` uses by these edges of `cargo tree`, each with its features.
fn crates(package: &str, edges: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--prefix", "none", "--format", "{p} [{f}]"])
        .args(["--package", package, "--edges", edges])
        .output()
        .expect("cargo runs this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    lines.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect()
}

/// `lab01` and so on.
fn labs() -> Vec<String> {
    let labs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../labs");
    let entries = fs::read_dir(labs).expect("the workspace has labs").flatten();
    let number = |name: &str| name.split_once('-').map(|(number, _)| number.to_owned());
    let numbers = entries.filter_map(|entry| number(entry.file_name().to_str()?));
    numbers.map(|number| format!("lab{number}")).collect()
}

#[test]
fn a_program_is_the_same_with_and_without_its_suite() {
    for lab in labs() {
        let alone = crates(&lab, "normal");
        let with_suite = crates(&lab, "normal,dev");
        let different: Vec<&String> = alone.difference(&with_suite).collect();
        assert!(different.is_empty(), "{lab} has other features without its suite: {different:?}");
    }
}

#[test]
fn a_program_carries_nothing_of_the_judge() {
    for lab in labs() {
        for name in crates(&lab, "normal") {
            let name = name.split(' ').next().unwrap_or_default();
            assert!(!JUDGE.contains(&name), "{lab} links {name}");
        }
    }
}
