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

#[cfg(unix)]
#[test]
fn a_program_that_replaces_itself_gets_no_verdict() {
    let lab = Lab::new();
    assert_eq!(lab.test(&[]), "passed");
    let target = lab.path("target").display().to_string();
    for path in ["debug/lab01", "debug/deps"] {
        let path = format!("{target}/{path}");
        let replace = format!(
            "fn main() {{
                let path = std::path::Path::new({path:?});
                let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
                let suites = entries.map(|entry| entry.path()).filter(|path| {{
                    let name = path.file_name().unwrap().to_string_lossy().into_owned();
                    name.starts_with(\"suite-\") && !name.contains('.')
                }});
                let is_file = path.is_file().then(|| path.to_owned());
                for file in suites.chain(is_file) {{
                    std::fs::remove_file(&file).unwrap();
                    std::fs::copy(\"/bin/true\", file).unwrap();
                }}
                std::process::exit(1);
            }}"
        );
        lab.edit(&replace);
        let output = lab.run(&[]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains("was replaced while the tests ran"), "{said}");
        // The next student's answer is judged by the suite, and the same one is built again.
        lab.edit(FAILS);
        assert_eq!(lab.test(&[]), "failed");
    }
}

#[cfg(unix)]
#[test]
fn a_suite_that_was_replaced_and_has_its_old_time_does_not_judge() {
    let lab = Lab::new();
    assert_eq!(lab.test(&[]), "passed");
    let text = fs::read(lab.path(".lab/suite-01.json")).expect("a record");
    let record: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
    let suite = Path::new(record["program"].as_str().expect("a path"));
    let metadata = fs::metadata(suite).expect("a suite");
    let (time, length) = (metadata.modified().expect("a time"), metadata.len());
    let mut script = b"#!/bin/sh\necho 'test step1_listen::it_passes ... ok'\nexit 0\n".to_vec();
    script.resize(usize::try_from(length).expect("a file of megabytes"), b'#');
    fs::write(suite, script).expect("written");
    set_modified(suite, time);
    lab.edit(FAILS);
    assert_eq!(lab.test(&[]), "failed");
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

    assert_eq!(lab.test(&[]), "passed");
    assert!(lab.cached_stamp().is_some(), "as of an earlier answer");
    lab.write("other/shared.rs", "");
    lab.edit(&format!("#[path = \"../../../other/shared.rs\"]\nmod shared;\n{PASSES}"));
    assert_eq!(lab.test(&[]), "passed");
    assert_eq!(lab.cached_stamp(), None, "a source of another folder");
    lab.edit(PASSES);

    lab.write(".cargo/config.toml", "[env]\nANSWER = \"42\"\n");
    assert_eq!(lab.test(&[]), "passed");
    assert_eq!(lab.cached_stamp(), None, "an environment for rustc");
    fs::remove_file(lab.path(".cargo/config.toml")).expect("removed");

    assert_eq!(lab.test(&[("LAB_RUSTC_CACHE", "off")]), "passed");
    assert_eq!(lab.cached_stamp(), None, "the off switch");
    assert_eq!(lab.test(&[]), "passed");
    assert!(lab.cached_stamp().is_some(), "nothing is unusual any more");
}
