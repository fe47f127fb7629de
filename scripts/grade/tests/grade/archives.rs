//! Archives and folders of strangers. Nothing is built.

use std::fs;

use grade::submission::tree::Refusal;
use grade::task::Judged;
use ledger::Verdict;
use zip::write::SimpleFileOptions;

#[cfg(unix)]
use crate::class::workspace;
use crate::samples::{
    add, folder, header, paths, read_one, reasons, submissions_in, taken, tar_gz, zip,
};

#[test]
fn the_files_of_the_lab_are_found_wherever_they_are() {
    for place in ["src/", "", "01-echo/src/", "wirelab/labs/01-echo/src/", "a/b/"] {
        let folder = folder();
        zip(&folder.path().join("anna.zip"), |zip| {
            add(zip, &format!("{place}echo.rs"), b"mine");
            add(zip, "README.md", b"words");
        });
        let taken = taken(folder.path()).expect("taken");
        assert_eq!(paths(&taken), ["src/echo.rs"], "{place}");
        assert_eq!(taken.sources["src/echo.rs"], b"mine");
        assert_eq!(taken.sources["src/listen.rs"], b"the stub");
        assert_eq!(reasons(&taken), "README.md: not a file of the lab\n");
    }
}

#[test]
fn the_folder_of_the_lab_is_preferred_to_all_others() {
    let folder = folder();
    zip(&folder.path().join("anna.zip"), |zip| {
        for place in ["labs/03-udp", "solutions/01-echo", "old", "labs/01-echo"] {
            add(zip, &format!("{place}/src/echo.rs"), place.as_bytes());
        }
    });
    let taken = taken(folder.path()).expect("taken");
    assert_eq!(taken.sources["src/echo.rs"], b"labs/01-echo");
    assert_eq!(taken.left_out.len(), 3, "{}", reasons(&taken));
}

#[test]
fn the_files_of_a_whole_course_are_counted_and_not_listed() {
    let folder = folder();
    zip(&folder.path().join("anna.zip"), |zip| {
        add(zip, "labs/01-echo/src/echo.rs", b"mine");
        add(zip, "labs/01-echo/notes.txt", b"words");
        add(zip, "labs/01-echo/Cargo.toml", b"words");
        add(zip, "labs/01-echo/tests/suite/main.rs", b"words");
        for number in 0..20 {
            add(zip, &format!("docs/{number}.md"), b"words");
        }
    });
    let taken = taken(folder.path()).expect("taken");
    let wanted = "2 files: of the course; students do not write them\n\
                  20 more files: outside of labs/01-echo/\n\
                  labs/01-echo/notes.txt: not a file of the lab\n";
    assert_eq!(reasons(&taken), wanted);
}

#[test]
fn a_folder_of_a_student_may_begin_with_a_number() {
    let folder = folder();
    zip(&folder.path().join("anna.zip"), |zip| add(zip, "12-smith/src/echo.rs", b"mine"));
    assert_eq!(paths(&taken(folder.path()).expect("taken")), ["src/echo.rs"]);
}

#[test]
fn only_a_folder_of_the_course_forbids_an_answer() {
    for place in ["solutions/src/", "tests/", "given/src/", "my-solutions/solutions/"] {
        let folder = folder();
        zip(&folder.path().join("anna.zip"), |zip| add(zip, &format!("{place}echo.rs"), b"mine"));
        assert_eq!(paths(&taken(folder.path()).expect(place)), ["src/echo.rs"], "{place}");
    }
    for place in ["solutions/01-echo/src/", "a/01-echo/tests/suite/", "src/given/", "03-udp/src/"] {
        let folder = folder();
        zip(&folder.path().join("anna.zip"), |zip| add(zip, &format!("{place}echo.rs"), b"other"));
        let refusal = taken(folder.path()).expect_err(place);
        assert!(refusal.contains(&format!("no file of lab 01 outside of {place}")), "{refusal}");
    }
}

#[test]
fn two_places_of_equal_rank_are_refused() {
    let folder = folder();
    zip(&folder.path().join("anna.zip"), |zip| {
        add(zip, "old/src/echo.rs", b"old");
        add(zip, "new/src/echo.rs", b"new");
    });
    let refusal = taken(folder.path()).expect_err("two folders");
    assert!(refusal.contains("new/src/ and old/src/"), "{refusal}");
}

#[test]
fn a_changed_file_that_students_do_not_write_is_left_out() {
    let folder = folder();
    let src = folder.path().join("anna/src");
    fs::create_dir_all(&src).expect("a folder");
    for (name, content) in [("main.rs", "mine"), ("echo.rs", "mine"), ("helper.rs", "mine")] {
        fs::write(src.join(name), content).expect("written");
    }
    for name in ["Cargo.toml", "build.rs", ".cargo/config.toml"] {
        let file = folder.path().join("anna").join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, "[env]\nLAB_SUBJECT = \"true\"\n").expect("written");
    }
    let taken = taken(folder.path()).expect("taken");
    assert_eq!(paths(&taken), ["src/echo.rs"]);
    assert_eq!(taken.sources["src/main.rs"], b"the stub");
    let reasons = reasons(&taken);
    for name in [
        "src/main.rs: students",
        "src/helper.rs: not a",
        "build.rs: not",
        ".cargo/config.toml: not",
    ] {
        assert!(reasons.contains(name), "{name} in {reasons}");
    }
}

#[test]
fn paths_that_lead_elsewhere_are_left_out() {
    let folder = folder();
    let hostile: [&[u8]; 6] = [
        b"../src/echo.rs",
        b"/tmp/src/echo.rs",
        b"src/../../echo.rs",
        b"caf\xe9/src/echo.rs",
        b"a\x1b[2J/src/echo.rs",
        b"C:\\src\\echo.rs",
    ];
    tar_gz(&folder.path().join("anna.tar.gz"), |tar| {
        for name in hostile {
            let header = header(name, 5, tar::EntryType::Regular);
            tar.append(&header, &b"wrong"[..]).expect("added");
        }
        let mine = header(b"src/echo.rs", 4, tar::EntryType::Regular);
        tar.append(&mine, &b"mine"[..]).expect("added");
    });
    let taken = taken(folder.path()).expect("taken");
    assert_eq!(taken.sources["src/echo.rs"], b"mine");
    assert_eq!(taken.left_out.len(), hostile.len(), "{}", reasons(&taken));
    assert!(!reasons(&taken).contains('\u{1b}'), "an escape is shown");
}

#[test]
fn the_same_holds_for_zip() {
    let folder = folder();
    let hostile = ["../src/echo.rs", "/tmp/src/echo.rs", "src/../../echo.rs", "C:\\src\\echo.rs"];
    zip(&folder.path().join("anna.zip"), |zip| {
        for name in hostile {
            add(zip, name, b"wrong");
        }
        add(zip, "src\\echo.rs", b"mine");
    });
    let taken = taken(folder.path()).expect("taken");
    assert_eq!(taken.sources["src/echo.rs"], b"mine");
    assert_eq!(taken.left_out.len(), hostile.len(), "{}", reasons(&taken));
}

#[test]
fn links_and_devices_are_left_out() {
    let folder = folder();
    tar_gz(&folder.path().join("anna.tgz"), |tar| {
        use tar::EntryType::{Block, Char, Fifo, Link, Symlink};
        for kind in [Link, Symlink, Char, Block, Fifo] {
            let mut header = header(b"src/listen.rs", 0, kind);
            header.set_link_name("/etc/passwd").expect("short");
            header.set_cksum();
            tar.append(&header, &b""[..]).expect("added");
        }
        let mine = header(b"src/echo.rs", 4, tar::EntryType::Regular);
        tar.append(&mine, &b"mine"[..]).expect("added");
    });
    let taken = taken(folder.path()).expect("taken");
    assert_eq!(paths(&taken), ["src/echo.rs"]);
    assert_eq!(taken.sources["src/listen.rs"], b"the stub");
    assert_eq!(taken.left_out.len(), 5, "{}", reasons(&taken));
}

#[test]
fn links_in_a_zip_archive_are_left_out() {
    let folder = folder();
    zip(&folder.path().join("anna.zip"), |zip| {
        let options = SimpleFileOptions::default();
        zip.add_symlink("src/listen.rs", "/etc/passwd", options).expect("added");
        add(zip, "src/echo.rs", b"mine");
    });
    let taken = taken(folder.path()).expect("taken");
    assert_eq!(reasons(&taken), "src/listen.rs: it is a link\n");
}

#[cfg(unix)]
#[test]
fn links_and_pipes_in_a_folder_are_left_out() {
    let folder = folder();
    let src = folder.path().join("anna/src");
    fs::create_dir_all(&src).expect("a folder");
    let model = workspace().join("solutions/01-echo/src");
    std::os::unix::fs::symlink(model.join("listen.rs"), src.join("listen.rs")).expect("a link");
    std::os::unix::fs::symlink(&model, src.join("model")).expect("a link");
    let pipe = std::process::Command::new("mkfifo").arg(src.join("serve.rs")).status();
    assert!(pipe.expect("mkfifo starts").success());
    fs::write(src.join("echo.rs"), "mine").expect("written");
    let taken = taken(folder.path()).expect("taken");
    assert_eq!(paths(&taken), ["src/echo.rs"]);
    assert_eq!(taken.left_out.len(), 3, "{}", reasons(&taken));
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused_soon() {
    let folder = folder();
    tar_gz(&folder.path().join("anna.tar.gz"), |tar| {
        let size = 200 * 1024 * 1024;
        let large = header(b"large", size, tar::EntryType::Regular);
        tar.append(&large, std::io::Read::take(std::io::repeat(0), size)).expect("added");
    });
    let refusal = taken(folder.path()).expect_err("a bomb");
    assert!(refusal.contains("more than 128 MiB"), "{refusal}");
}

#[test]
fn a_source_in_a_zip_bomb_is_left_out() {
    let folder = folder();
    zip(&folder.path().join("anna.zip"), |zip| {
        add(zip, "src/listen.rs", &vec![b'a'; 20 * 1024 * 1024]);
        add(zip, "src/echo.rs", b"mine");
    });
    let taken = taken(folder.path()).expect("taken");
    assert_eq!(reasons(&taken), "src/listen.rs: it is larger than 1 MiB\n");
}

#[test]
fn an_archive_with_too_many_files_is_refused() {
    let folder = folder();
    tar_gz(&folder.path().join("anna.tar.gz"), |tar| {
        for _ in 0..10_001 {
            let empty = header(b"a", 0, tar::EntryType::Regular);
            tar.append(&empty, &b""[..]).expect("added");
        }
    });
    let refusal = taken(folder.path()).expect_err("too many");
    assert!(refusal.contains("more than 10000 files"), "{refusal}");
}

#[test]
fn a_file_that_an_archive_has_twice_is_refused() {
    let folder = folder();
    tar_gz(&folder.path().join("anna.tar.gz"), |tar| {
        for content in [b"one!", b"two!"] {
            let echo = header(b"src/echo.rs", 4, tar::EntryType::Regular);
            tar.append(&echo, &content[..]).expect("added");
        }
    });
    let refusal = taken(folder.path()).expect_err("twice");
    assert!(refusal.contains("src/echo.rs twice"), "{refusal}");
}

#[test]
fn a_path_that_is_a_file_and_a_folder_is_refused() {
    for [one, other] in [["a/echo.rs", "a/echo.rs/echo.rs"], ["a/echo.rs/echo.rs", "a/echo.rs"]] {
        let folder = folder();
        zip(&folder.path().join("anna.zip"), |zip| {
            add(zip, one, b"one");
            add(zip, other, b"other");
        });
        let refusal = taken(folder.path()).expect_err("both cannot be written");
        assert!(refusal.contains("is a file and also a folder of the other"), "{refusal}");
    }
}

#[test]
fn an_entry_that_no_folder_can_hold_is_ignored_and_the_class_is_graded() {
    let folder = folder();
    let class = zip(&folder.path().join("class.zip"), |zip| {
        let long = "a".repeat(256) + ".rs";
        for name in [&long, "ben.zip", "ben.zip\\a.rs", "eva/a.rs", "eva", "anna/echo.rs"] {
            add(zip, name, b"mine");
        }
    });
    let found = submissions_in(&class);
    let students: Vec<&str> = found.submissions.iter().map(|it| &*it.student.id).collect();
    assert_eq!(students, ["anna", "ben", "eva"]);
    assert_eq!(found.ignored.len(), 3, "{:?}", found.ignored);
}

#[test]
fn names_that_differ_in_case_are_different_files() {
    let folder = folder();
    zip(&folder.path().join("anna.zip"), |zip| {
        add(zip, "src/Echo.rs", b"other");
        add(zip, "src/echo.rs", b"mine");
        add(zip, "SRC/ECHO.RS", b"other");
    });
    let taken = taken(folder.path()).expect("taken");
    assert_eq!(taken.sources["src/echo.rs"], b"mine");
    assert_eq!(taken.left_out.len(), 2, "{}", reasons(&taken));
}

#[test]
fn what_is_no_archive_is_refused_with_a_reason() {
    for name in ["anna.zip", "anna.tar.gz", "anna.tar"] {
        let folder = folder();
        fs::write(folder.path().join(name), vec![b'x'; 2000]).expect("written");
        let refusal = taken(folder.path()).expect_err("no archive");
        assert!(refusal.contains("cannot be read"), "{refusal}");
    }
}

#[test]
fn a_failure_of_the_machine_is_no_verdict_on_the_submission() {
    for (name, content) in [("anna/src/echo.rs", "mine"), ("anna.zip", "")] {
        let folder = folder();
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(&file, content).expect("written");
        let found = submissions_in(folder.path());
        // Reading fails, as it does without a right or with too many open files.
        folder.close().expect("removed");
        let refusal = read_one(&found.submissions[0]).expect_err("it is not there");
        assert_eq!(Judged::from(refusal).verdict, Verdict::GraderError, "{name}");
    }
    let refusal = Refusal::from("It is empty.");
    assert_eq!(Judged::from(refusal).verdict, Verdict::Refused);
}

#[test]
fn a_submission_without_a_file_of_the_lab_is_refused() {
    let folder = folder();
    zip(&folder.path().join("anna.zip"), |zip| add(zip, "essay.txt", b"words"));
    let refusal = taken(folder.path()).expect_err("no file");
    assert!(refusal.starts_with("It has no file of lab 01: client.rs, echo.rs"), "{refusal}");
}
