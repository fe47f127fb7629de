use std::env::consts::EXE_SUFFIX;
use std::fs::{self, File};
use std::path::Path;

use super::*;

fn call(arguments: &str) -> RustcCall {
    RustcCall::of("/rustc", arguments.split_whitespace().map(str::to_owned).collect())
}

fn inputs(sources: &str) -> Inputs {
    serde_json::from_value(serde_json::json!({ "steps": "", "sources": sources })).expect("inputs")
}

fn cached(calls: &[&str]) -> Option<CachedCall> {
    let calls = calls.iter().map(|arguments| call(arguments)).collect();
    CachedCall::new("lab01", calls, PathBuf::from("/debug/lab01"), inputs("old"))
}

const COMMON: &str = "--crate-name common --crate-type lib --out-dir /debug/deps";
const PROGRAM: &str =
    "--crate-name lab01 --crate-type bin -C extra-filename=-5eed --out-dir /debug/deps";

#[test]
fn one_of_cargos_calls_is_for_the_program() {
    let cached = cached(&[COMMON, PROGRAM]).expect("it is there");
    assert_eq!(cached.made, Path::new("/debug/deps").join(format!("lab01-5eed{EXE_SUFFIX}")));
}

#[test]
fn a_program_may_have_no_hash_in_its_name() {
    let program = PROGRAM.replace("-C extra-filename=-5eed", "-C opt-level=0");
    let cached = cached(&[COMMON, &program]).expect("it is there");
    assert_eq!(cached.made, Path::new("/debug/deps").join(format!("lab01{EXE_SUFFIX}")));
}

#[test]
fn an_unusual_build_is_not_cached() {
    assert!(cached(&[COMMON]).is_none(), "the program was there already");
    assert!(cached(&[COMMON, PROGRAM, PROGRAM]).is_none(), "two calls");
    let library = PROGRAM.replace("--crate-type bin", "--crate-type lib");
    assert!(cached(&[&library]).is_none(), "no program");
    assert!(cached(&[&format!("/usr/bin/rustc {PROGRAM}")]).is_none(), "another wrapper");
    assert!(cached(&[&format!("{PROGRAM} --target wasm32-wasip1")]).is_none(), "another target");
}

#[test]
fn a_program_is_not_built_while_another_cargo_builds() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let lock = File::create(folder.path().join(".cargo-lock")).expect("created");
    let mut cached = cached(&[PROGRAM]).expect("it is there");
    cached.program = folder.path().join("lab01");
    assert!(cached.lock().is_some());
    lock.lock().expect("no other process has it");
    assert!(cached.lock().is_none());
    assert!(!cached.replay(&inputs("new"), None));
}

#[test]
fn a_made_program_replaces_the_older_one() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let (made, program) = (folder.path().join("made"), folder.path().join("program"));
    for content in ["one", "two"] {
        fs::write(&made, content).expect("written");
        link(&made, &program).expect("linked");
        assert_eq!(fs::read_to_string(&program).expect("there"), content);
    }
}

#[test]
fn a_compiler_without_a_folder_is_that_of_the_sysroot() {
    let program = |rustc: &str| {
        let call = RustcCall::of(rustc, Vec::new()).with_compiler_of(Path::new("/rust"));
        PathBuf::from(call.command_to(Path::new("/out")).get_program())
    };
    assert_eq!(program("rustc"), Path::new("/rust/bin/rustc"));
    assert_eq!(program("/usr/bin/rustc"), Path::new("/usr/bin/rustc"));
}
