//! The archives that course systems export, and the names in them.

use std::fs;

use zip::write::SimpleFileOptions;

use crate::samples::{add, folder, paths, submissions_in, take_one, zip};

#[test]
fn the_archive_of_canvas_has_archives_and_single_files() {
    let folder = folder();
    let inner = zip(&folder.path().join("inner"), |zip| add(zip, "src/echo.rs", b"doe"));
    let class = zip(&folder.path().join("submissions.zip"), |zip| {
        add(zip, "doejane_LATE_48213_990_lab-1.zip", &fs::read(&inner).expect("written"));
        add(zip, "roejohn_48214_991_echo.rs", b"first");
        add(zip, "roejohn_48214_992_echo-1.rs", b"second");
        add(zip, "roejohn_48214_993_listen.rs", b"listen");
    });
    let found = submissions_in(&class);
    let [doe, roe] = &found.submissions[..] else { panic!("{found:?}") };
    assert_eq!((&*doe.student.id, doe.number.as_deref()), ("48213", Some("990")));
    assert!(doe.marked_late && !roe.marked_late);
    assert_eq!(take_one(doe).expect("taken").sources["src/echo.rs"], b"doe");
    let taken = take_one(roe).expect("taken");
    assert_eq!(paths(&taken), ["src/echo.rs", "src/listen.rs"]);
    assert_eq!(taken.sources["src/echo.rs"], b"second");
}

#[test]
fn names_that_only_look_like_those_of_canvas_are_of_two_students() {
    let folder = folder();
    for student in ["anna", "ben"] {
        let archive = folder.path().join(format!("lab_01_2026_{student}.zip"));
        zip(&archive, |zip| add(zip, "src/echo.rs", student.as_bytes()));
    }
    let found = submissions_in(folder.path());
    let [anna, ben] = &found.submissions[..] else { panic!("{found:?}") };
    assert_eq!(anna.student.id, "lab_01_2026_anna");
    assert_eq!(take_one(ben).expect("taken").sources["src/echo.rs"], b"ben");
}

#[test]
fn an_entry_with_a_name_that_is_not_safe_is_reported() {
    let folder = folder();
    let long = format!("{}_48214_991_echo.rs", "roe".repeat(150));
    let class = zip(&folder.path().join("submissions.zip"), |zip| {
        add(zip, "doejane_48213_990_echo.rs", b"doe");
        add(zip, "../roejohn_48214_991_echo.rs", b"roe");
        add(zip, &long, b"roe");
        zip.add_symlink("link", "/etc/passwd", SimpleFileOptions::default()).expect("added");
    });
    let found = submissions_in(&class);
    assert_eq!(found.submissions.len(), 1, "{found:?}");
    assert_eq!(found.ignored, ["../roejohn_48214_991_echo.rs", &long[..300], "link"]);
}

#[test]
fn the_archive_of_moodle_has_a_folder_for_each_student() {
    let folder = folder();
    let inner = zip(&folder.path().join("inner"), |zip| add(zip, "lab/src/echo.rs", b"doe"));
    let class = zip(&folder.path().join("moodle.zip"), |zip| {
        let name = "Jane Doe_12345_assignsubmission_file_/answer.zip";
        add(zip, name, &fs::read(&inner).expect("written"));
        add(zip, "José Roe_12346_assignsubmission_file_/echo.rs", b"roe");
    });
    let found = submissions_in(&class);
    let [doe, roe] = &found.submissions[..] else { panic!("{found:?}") };
    assert_eq!((&*doe.student.id, doe.student.name.as_deref()), ("12345", Some("Jane Doe")));
    assert_eq!(roe.student.name.as_deref(), Some("José Roe"));
    assert_eq!(take_one(doe).expect("taken").sources["src/echo.rs"], b"doe");
    assert_eq!(take_one(roe).expect("taken").sources["src/echo.rs"], b"roe");
}
