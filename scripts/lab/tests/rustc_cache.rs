//! The cached call of rustc builds what cargo builds, byte for byte.

mod small_lab;

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use small_lab::{ALSO_PASSES, DOES_NOT_COMPILE, FAILS, Lab, MANIFEST, PASSES};

fn set_modified(path: &Path, time: SystemTime) {
    File::options().write(true).open(path).and_then(|file| file.set_modified(time)).expect("set");
}

#[test]
fn both_ways_give_the_same_program() {
    let lab = Lab::new();
    assert_eq!(lab.test(&[]), "passed");
    let first = lab.cached_stamp().expect("the first build records the call");

    lab.edit(ALSO_PASSES);
    assert_eq!(lab.test(&[]), "passed");
    assert_ne!(lab.cached_stamp().expect("there"), first, "the cached call built it");
    let by_cache = lab.program();

    // A build from nothing, so that cargo does not take the objects of the cached call.
    fs::remove_dir_all(lab.path("target")).expect("removed");
    assert_eq!(lab.test(&[("LAB_RUSTC_CACHE", "off")]), "passed");
    assert!(lab.program() == by_cache, "cargo builds another program");
}

#[test]
fn an_old_file_time_does_not_bring_back_an_old_verdict() {
    let lab = Lab::new();
    let old = SystemTime::now() - Duration::from_secs(3600);
    let restore = |text| {
        lab.edit(text);
        set_modified(&lab.path("labs/01-small/src/main.rs"), old);
    };
    assert_eq!(lab.test(&[]), "passed");
    restore(FAILS);
    assert_eq!(lab.test(&[]), "failed");
    restore(DOES_NOT_COMPILE);
    assert_eq!(lab.test(&[]), "did_not_compile");
    restore(PASSES);
    assert_eq!(lab.test(&[("LAB_RUSTC_CACHE", "off")]), "passed");
    restore(FAILS);
    assert_eq!(lab.test(&[("LAB_RUSTC_CACHE", "off")]), "failed");
    restore(PASSES);
    fs::remove_dir_all(lab.path(".lab")).expect("removed");
    assert_eq!(lab.test(&[]), "passed");
}

#[test]
fn a_changed_manifest_and_a_replaced_program_are_noticed() {
    let lab = Lab::new();
    assert_eq!(lab.test(&[]), "passed");
    lab.write("labs/01-small/src/other.rs", FAILS);
    let manifest = MANIFEST.replace("src/main.rs", "src/other.rs");
    lab.write("labs/01-small/Cargo.toml", &manifest);
    assert_eq!(lab.test(&[]), "failed");

    lab.write("labs/01-small/Cargo.toml", MANIFEST);
    assert_eq!(lab.test(&[]), "passed");
    fs::remove_file(lab.program_path()).expect("removed");
    assert_eq!(lab.test(&[]), "passed");
}

#[test]
fn an_unusual_build_is_left_to_cargo() {
    let lab = Lab::new();
    // A program that runs the command after it, as sccache does.
    if cfg!(unix) {
        assert_eq!(lab.test(&[("RUSTC_WRAPPER", "env")]), "passed");
        assert_eq!(lab.test(&[("RUSTC_WORKSPACE_WRAPPER", "env")]), "passed");
        assert_eq!(lab.cached_stamp(), None, "a wrapper of rustc");
    }
    lab.write("labs/01-small/build.rs", "fn main() {}\n");
    assert_eq!(lab.test(&[]), "passed");
    assert_eq!(lab.cached_stamp(), None, "a build script");
    fs::remove_file(lab.path("labs/01-small/build.rs")).expect("removed");

    lab.write("other/Cargo.toml", "[package]\nname = \"other\"\nedition = \"2024\"\n");
    lab.write("other/src/lib.rs", "");
    let dependency = "[dependencies]\nother = { path = \"../../other\" }\n";
    lab.write("labs/01-small/Cargo.toml", &format!("{MANIFEST}{dependency}"));
    assert_eq!(lab.test(&[]), "passed");
    assert_eq!(lab.cached_stamp(), None, "a dependency beside the registry's");
    lab.write("labs/01-small/Cargo.toml", MANIFEST);

    lab.write(".cargo/config.toml", "[env]\nANSWER = \"42\"\n");
    assert_eq!(lab.test(&[]), "passed");
    assert_eq!(lab.cached_stamp(), None, "an environment for rustc");
    fs::remove_file(lab.path(".cargo/config.toml")).expect("removed");

    assert_eq!(lab.test(&[("LAB_RUSTC_CACHE", "off")]), "passed");
    assert_eq!(lab.cached_stamp(), None, "the off switch");
    assert_eq!(lab.test(&[]), "passed");
    assert!(lab.cached_stamp().is_some(), "nothing is unusual any more");
}
