//! The page about the class.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use class_report::class::Class;
use class_report::class_page;
use class_report::gradebook::Gradebook;
use class_report::measured::Measured;
use class_report::policy::Policy;
use ledger::{Entry, Verdict};
use serde_json::{Value, json};

use crate::fixture::{
    backlog_of_one, fail, fail_held_back, failure, hostile, model, of, unjudged, workspace, write,
};

/// The name of a folder that would run in a page.
const HOSTILE: &str = "<script>alert(1)</script>";

fn page(entries: Vec<Entry>) -> String {
    let class = Class::new(&of(entries), &workspace());
    let policy = Policy::default();
    let book = Gradebook::new(&class, &policy);
    class_page::page(&book, &class.labs[0], &[backlog_of_one()], &[])
}

#[test]
fn a_cell_has_its_share_and_links_to_the_failures() {
    let mut anna = model("01", "anna");
    fail(&mut anna, "step2_echo::a", &failure("closed-early", "read-in-a-loop"));
    let page = page(vec![anna, model("01", "ben"), unjudged("01", "chris", Verdict::GraderError)]);
    for words in [
        "<a href=\"feedback/anna.html#lab-01-echo\">5/10</a>",
        "<a href=\"feedback/ben.html\">ben</a>",
        "<td class=\"number heat4\" data-sort=\"100\">10/10</td>",
        "No grade yet",
        "<li>chris: This is the reason.</li>",
        "aria-label=\"80–89 %: 1 student, 100 %: 1 student\"",
        "It may still be another mistake.",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
}

#[test]
fn a_belief_is_said_to_fit() {
    let mut anna = model("01", "anna");
    let test = "step1_listen::a_burst_of_clients_waits_in_the_backlog";
    fail(&mut anna, test, &failure("check-failed", "pass-the-backlog-to-listen"));
    let page = page(vec![anna]);
    let belief = "<li>the backlog is <code>1</code>, fits 1 student</li>";
    assert!(page.contains(belief), "{page}");
}

/// A class of 300 with every verdict, some mistakes, and a hostile student.
fn large_class() -> Vec<Entry> {
    use Verdict::{DidNotCompile, ExitedEarly, GraderError, LimitHit, Refused, TimedOut};
    let verdicts = [DidNotCompile, ExitedEarly, GraderError, LimitHit, Refused, TimedOut];
    let one = |index: usize| {
        let id = format!("s{index:03}");
        if index % 25 == 7 {
            return unjudged("01", &id, verdicts[index / 25 % verdicts.len()]);
        }
        let mut entry = model("01", &id);
        entry.student.name = Some(format!("Student {index} of the Class"));
        match index % 5 {
            0 => fail(&mut entry, "step2_echo::a", &failure("closed-early", "read-in-a-loop")),
            1 => fail(&mut entry, "step", &failure("check-failed", "pass-the-backlog-to-listen")),
            2 => fail(
                &mut entry,
                "step1_listen::a_burst",
                &failure("check-failed", "pass-the-backlog-to-listen"),
            ),
            3 => fail_held_back(&mut entry, &failure("leaks", "close")),
            _ => (),
        }
        entry
    };
    (0..299).map(one).chain([hostile("01")]).collect()
}

fn write_report(folder: &Path) {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).expect("a folder");
    write(&folder.join("r.jsonl"), &large_class());
    write_comparison(&folder.join("compare.json"), &["model answer", "s002", HOSTILE]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_class-report"));
    command
        .args(["r.jsonl", "--out", ".", "--show-held-back", "--compare", "compare.json"])
        .current_dir(folder);
    let output = command.output().expect("it starts");
    assert!(output.status.success(), "{output:?}");
}

/// What `cargo lab compare` prints; the last program was not measured.
fn write_comparison(path: &Path, names: &[&str]) {
    let spread =
        |median: f64| json!({"median": median, "lowest": 0.9 * median, "highest": 2.0 * median});
    let mut programs: Vec<Value> = names
        .iter()
        .map(|name| {
            let figures = json!({
                "clients": 16,
                "clients_served": 15,
                "units_per_second": spread(12_345.6),
                "latency_p50_microseconds": spread(4.25),
                "latency_p99_microseconds": null,
                "peak_memory_bytes": spread(2_048_000.0),
            });
            json!({"name": name, "tests": [], "figures": figures})
        })
        .collect();
    programs.push(json!({"name": "anna", "figures": null}));
    let comparison = json!({
        "lab": "01-echo", "clients": 16, "rounds": 3, "unit": "messages", "programs": programs,
    });
    fs::write(path, comparison.to_string()).expect("written");
}

#[test]
fn speed_and_memory_are_shown_with_links_to_students() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("compare.json");
    write_comparison(&path, &["ben", HOSTILE]);
    let class = Class::new(&of(vec![model("01", "anna"), model("01", "ben")]), &workspace());
    let policy = Policy::default();
    let book = Gradebook::new(&class, &policy);
    let measured = Measured::read(&path).expect("it is a comparison");
    let page = class_page::page(&book, &class.labs[0], &[], &[measured]);
    for words in [
        "<th scope=\"row\"><a href=\"feedback/ben.html\">ben</a></th>\
         <td class=\"number\">15 of 16</td><td class=\"number\">12,346 (11,111–24,691)</td>\
         <td class=\"number\">4.25 (3.83–8.50)</td><td class=\"number\">–</td>\
         <td class=\"number\">2,000 (1,800–4,000)</td>",
        "<a href=\"feedback/anna.html\">anna</a></th><td colspan=\"5\">not measured</td>",
        "&lt;script&gt;",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
    assert!(!page.contains(HOSTILE), "{page}");
}

#[test]
fn a_class_of_300_has_a_row_for_each_student() {
    let folder = tempfile::tempdir().expect("a folder");
    write_report(folder.path());
    let page = fs::read_to_string(folder.path().join("class-01.html")).expect("a page");
    let heat_map = page.split("<table id=\"heat-map\">").nth(1).expect("a heat map");
    assert_eq!(heat_map.matches("<tr><th scope=\"row\"><a href=\"feedback/").count(), 300);
    assert!(page.len() < 1 << 20, "{} bytes", page.len());
}

/// For `scripts/check_class_pages.py`, which opens them in a browser.
#[test]
#[ignore = "it writes into target/class-pages"]
fn pages_of_a_class_of_300_are_written() {
    let target = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/class-pages");
    write_report(&target);
}
