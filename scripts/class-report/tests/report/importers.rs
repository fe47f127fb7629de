//! Small readers of each format, as the systems' own documents and sources describe them.

use std::collections::BTreeMap;

use class_report::class::Class;
use class_report::export::sheet::Sheet;
use class_report::export::{canvas, classroom50, gradescope, jsonl, junit, moodle};
use class_report::feedback::HeldBack;
use class_report::gradebook::Gradebook;
use class_report::policy::Policy;
use ledger::Verdict;
use serde_json::Value;

use crate::fixture::{fail, fail_held_back, failure, hostile, model, of, unjudged, workspace};

/// A student of each kind.
fn class() -> Class {
    let mut ada = model("02", "s1");
    ada.student.name = Some("Ada Lovelace".into());
    ada.student.email = Some("ada@example.org".into());
    let mut ben = model("02", "ben");
    ben.student.name = Some("Ben O'Hara-Smith".into());
    ben.submission.number = Some("12346".into());
    fail(&mut ben, "step2_", &failure("closed-early", "read-in-a-loop"));
    fail_held_back(&mut ben, &failure("leaks", "close"));
    let mut error = unjudged("02", "chris", Verdict::GraderError);
    error.student.name = Some("Chris Error".into());
    Class::new(&of(vec![ada, ben, error, model("02", "dora"), hostile("02")]), &workspace())
}

fn with_book<T>(policy: &str, use_it: impl FnOnce(&Gradebook) -> T) -> T {
    let class = class();
    let policy = Policy::parse(policy).expect("a policy");
    use_it(&Gradebook::new(&class, &policy))
}

const CANVAS: &str = "\u{feff}Student,ID,SIS User ID,SIS Login ID,Section,Lab 01 (48212),Lab 02: Many clients (48213),Current Score\r\n    Points Possible,,,,,100,50,(read only)\r\n\"Lovelace, Ada\",1001,s1,ada,Main,77,,12\r\n\"O'Hara-Smith, Ben\",1002,s2,bos,Main,,,12\r\n\"Error, Chris\",1003,chris,chris,Main,,41,12\r\n\"Absent, Zoe\",1004,s4,zoe,Main,,,12\r\n\"Ill, Dora\",1005,s5,dora,Main,,EX,12\r\n";

/// What Canvas reads: the grades of the assignment `id`, by the student's ID.
fn read_canvas(text: &str, id: &str) -> BTreeMap<String, String> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> =
        reader.records().map(|row| row.expect("a row of the same length")).collect();
    let column = rows[0]
        .iter()
        .position(|title| title.ends_with(&format!("({id})")))
        .expect("the assignment");
    let students = rows.iter().skip(1).filter(|row| row[0].trim() != "Points Possible");
    students.map(|row| (row[1].to_owned(), row[column].to_owned())).collect()
}

#[test]
fn canvas_reads_the_grades_and_finds_all_else_as_it_was() {
    let filled = with_book("", |book| canvas::filled(book, Sheet::parse(CANVAS).expect("a sheet")))
        .expect("filled");
    let lab02 = read_canvas(&filled.text, "48213");
    let ben = with_book("", |book| {
        book.results(&book.class.labs[0])
            .find(|(member, _)| member.student.id == "ben")
            .and_then(|(_, result)| result.grade.points)
    });
    let half = class_report::grade::number(ben.expect("a grade") / 2.0);
    assert_eq!(lab02["1001"], "50", "100 of 100 points are 50 of 50");
    assert_eq!(lab02["1002"], half, "found by name");
    assert_eq!(lab02["1003"], "41", "a grader error changes nothing");
    assert_eq!(lab02["1004"], "", "no submission");
    assert_eq!(lab02["1005"], "EX", "excused");
    assert_eq!(read_canvas(&filled.text, "48212")["1001"], "77");
    assert!(filled.text.starts_with("\u{feff}Student,ID,"), "{}", filled.text);
    assert_eq!(filled.text.matches("\r\n").count(), 7);
    assert!(
        filled.remarks.iter().any(|it| it.starts_with("1 student with a grade not found")),
        "{:?}",
        filled.remarks
    );
    let cleared =
        filled.text.replace(",50,12\r\n", ",,12\r\n").replace(&format!(",{half},12"), ",,12");
    assert_eq!(cleared, CANVAS);
}

#[test]
fn canvas_finds_a_student_by_one_column_after_the_other() {
    let text =
        "Student,ID,SIS User ID,Lab 02\nB,1002,s1,\nA,s1,1002,\nC,1003,dora,\nD,1004,dora,\n";
    let filled = with_book("", |book| canvas::filled(book, Sheet::parse(text).expect("a sheet")))
        .expect("filled");
    let rows: Vec<&str> = filled.text.lines().collect();
    assert_eq!(rows[1..3], ["B,1002,s1,", "A,s1,1002,100"], "the column ID comes first");
    assert_eq!(rows[3..], ["C,1003,dora,", "D,1004,dora,"], "two rows have the id");
}

#[test]
fn of_two_columns_that_fit_a_lab_canvas_gets_none() {
    let text = "Student,ID,Lab 02: Quiz (111),Lab 02: Many clients (222)\nA,s1,,\n";
    let filled = with_book("", |book| canvas::filled(book, Sheet::parse(text).expect("a sheet")))
        .expect("filled");
    assert_eq!(filled.text, text);
    let names = "`Lab 02: Quiz (111)` and `Lab 02: Many clients (222)`";
    assert!(filled.remarks.iter().any(|it| it.contains(names)), "{:?}", filled.remarks);
}

#[test]
fn of_two_ids_in_one_row_canvas_gets_the_later_grade() {
    let text = "Student,ID,SIS User ID,Lab 02\nA,1001,s1,\n";
    for (first, second) in [("1001", "s1"), ("s1", "1001")] {
        let later = model("02", second);
        let mut earlier = model("02", first);
        earlier.started = "2020-01-01T00:00:00Z".parse().expect("a time");
        fail(&mut earlier, "step", &failure("closed-early", "read-in-a-loop"));
        let class = Class::new(&of(vec![earlier, later]), &workspace());
        let policy = Policy::default();
        let book = Gradebook::new(&class, &policy);
        let sheet = Sheet::parse(text).expect("a sheet");
        let filled = canvas::filled(&book, sheet).expect("filled");
        assert_eq!((filled.text.lines().nth(1), filled.grades), (Some("A,1001,s1,100"), 1));
        let remark = filled.remarks.iter().find(|it| it.contains("another id"));
        assert!(remark.is_some_and(|it| it.ends_with(first)), "{:?}", filled.remarks);
    }
}

#[test]
fn of_two_ids_in_one_row_moodle_gets_the_later_grade() {
    let text = MOODLE.replace("Ada Lovelace,,", "Ada Lovelace,s1,");
    let ids = ("ada@example.org", "s1");
    for (first, second) in [ids, (ids.1, ids.0)] {
        let mut earlier = model("02", first);
        earlier.started = "2020-01-01T00:00:00Z".parse().expect("a time");
        fail(&mut earlier, "step", &failure("closed-early", "read-in-a-loop"));
        let class = Class::new(&of(vec![earlier, model("02", second)]), &workspace());
        let policy = Policy::default();
        let book = Gradebook::new(&class, &policy);
        let sheet = Sheet::parse(&text).expect("a sheet");
        let filled = moodle::filled(&book, &book.class.labs[0], sheet).expect("filled");
        assert!(filled.text.contains("Submitted,10,10.00,"), "{}", filled.text);
        let remark = filled.remarks.iter().find(|it| it.contains("another id"));
        assert!(remark.is_some_and(|it| it.ends_with(first)), "{:?}", filled.remarks);
        assert_eq!(filled.grades, 1);
    }
}

const MOODLE: &str = "Identifier,Full name,ID number,Email address,Status,Grade,Maximum grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments\nParticipant 12345,Ada Lovelace,,ADA@example.org,Submitted,,10.00,Yes,-,-,\nParticipant 12346,Benjamin,,,Submitted,,10.00,Yes,-,-,\nParticipant 12347,Chris Error,,,Submitted,,10.00,Yes,-,-,old\n";

#[test]
fn moodle_reads_the_grades() {
    let filled = with_book("", |book| {
        moodle::filled(book, &book.class.labs[0], Sheet::parse(MOODLE).expect("a sheet"))
    })
    .expect("filled");
    let mut reader = csv::Reader::from_reader(filled.text.as_bytes());
    let heads = reader.headers().expect("headings").clone();
    let rows: Vec<BTreeMap<String, String>> = reader
        .records()
        .map(|row| {
            let row = row.expect("a row");
            heads.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect()
        })
        .collect();
    assert_eq!(rows[0]["Grade"], "10", "found by the address");
    assert_eq!(rows[0]["Feedback comments"], "100 of 100 points.");
    assert!(
        rows[1]["Grade"].parse::<f64>().is_ok_and(|grade| grade < 10.0),
        "found by the number: {rows:?}"
    );
    assert_eq!((rows[2]["Grade"].as_str(), rows[2]["Feedback comments"].as_str()), ("", "old"));
    assert_eq!(rows[2]["Identifier"], "Participant 12347");
}

#[test]
fn a_sheet_with_semicolons_stays_one() {
    let text = "Student;ID;Section;Lab 02\n\"A; B\";s1;x;\n";
    let filled = with_book("", |book| canvas::filled(book, Sheet::parse(text).expect("a sheet")))
        .expect("filled");
    assert_eq!(filled.text, "Student;ID;Section;Lab 02\n\"A; B\";s1;x;100\n");
}

fn results_of(id: &str, policy: &str, held_back: HeldBack) -> Option<Value> {
    with_book(policy, |book| {
        let lab = &book.class.labs[0];
        let (_, result) =
            book.results(lab).find(|(member, _)| member.student.id == id).expect("a student");
        gradescope::results(&result, held_back)
            .map(|results| serde_json::to_value(results).expect("JSON"))
    })
}

#[test]
fn gradescope_reads_the_results() {
    let visibilities = ["visible", "hidden", "after_due_date", "after_published"];
    let results =
        results_of("ben", "[lab.02]\nheld_back_points = 20", HeldBack::Hidden).expect("a grade");
    let tests = results["tests"].as_array().expect("tests");
    let sum =
        |field: &str| tests.iter().map(|test| test[field].as_f64().expect("a number")).sum::<f64>();
    assert!((sum("max_score") - 120.0).abs() < 0.5, "{}", sum("max_score"));
    assert!((sum("score") - results["score"].as_f64().expect("a number")).abs() < 1.5, "{results}");
    for test in tests {
        assert!(visibilities.contains(&test["visibility"].as_str().expect("a word")), "{test}");
        assert!(["passed", "failed"].contains(&test["status"].as_str().expect("a word")), "{test}");
        assert!(test["score"].as_f64() <= test["max_score"].as_f64(), "{test}");
    }
    assert_eq!(tests[0]["number"], "1.1");
    let hidden: Vec<&Value> =
        tests.iter().filter(|test| test["visibility"] == "after_published").collect();
    assert_eq!(hidden.len(), 2);
    assert!(hidden.iter().all(|test| test["output"] == ""), "{hidden:?}");
    let failed = tests.iter().find(|test| test["status"] == "failed").expect("a failure");
    assert!(failed["output"].as_str().expect("text").contains("── \"y\" ──"), "{failed}");
    assert!(results["execution_time"].is_u64() && results["output_format"] == "text");
    assert!(results_of("chris", "", HeldBack::Hidden).is_none(), "a grader error has no file");
}

#[test]
fn classroom_50_reads_whole_numbers() {
    with_book("", |book| {
        for (member, result) in book.results(&book.class.labs[0]) {
            let Some(results) = classroom50::results(&result) else {
                assert_eq!(member.student.id, "chris");
                continue;
            };
            let value = serde_json::to_value(results).expect("JSON");
            assert_eq!(value["schema"], "classroom50/result/v1");
            assert_eq!(value["owner"], member.student.id);
            assert!(
                value["score"].is_u64() && value["score"].as_u64() <= value["max-score"].as_u64()
            );
            let tests = value["tests"].as_array().expect("tests");
            let most: u64 =
                tests.iter().map(|test| test["max-score"].as_u64().expect("whole")).sum();
            assert_eq!(Some(most), value["max-score"].as_u64());
            for test in tests {
                assert!(
                    test["test-name"].is_string()
                        && test["passed"].is_boolean()
                        && test["score"].is_u64()
                );
            }
            for time in ["datetime", "graded_at"] {
                assert!(value[time].as_str().is_some_and(|time| time.ends_with('Z')), "{value}");
            }
        }
    });
}

#[test]
fn a_ci_server_reads_the_xml() {
    let xml = with_book("", |book| junit::xml(book, &book.class.labs[0])).expect("XML");
    let report = quick_junit::Report::deserialize_from_str(&xml).expect("it is JUnit XML");
    assert_eq!(report.test_suites.len(), 5);
    let suite = |id: &str| {
        report.test_suites.iter().find(|suite| suite.name.as_str() == id).expect("a suite")
    };
    assert_eq!((suite("s1").failures, suite("s1").errors), (0, 0));
    assert!(suite("ben").failures > 1);
    assert_eq!((suite("chris").errors, suite("chris").tests), (1, 1));
    assert!(xml.contains("type=\"closed-early\"") && xml.contains("held_back"), "{xml}");
}

#[test]
fn a_program_reads_a_line_for_each_student() {
    let lines = with_book("", jsonl::lines).expect("lines");
    let values: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(values.len(), 5);
    for value in &values {
        assert_eq!(
            (&value["schema"], &value["version"]),
            (&Value::from("wirelab/grades"), &Value::from(1))
        );
    }
    let of = |id: &str| values.iter().find(|value| value["student"]["id"] == id).expect("a line");
    assert_eq!(of("chris")["points"], Value::Null);
    assert_eq!(of("s1")["points"], 100.0);
    let tests = of("ben")["steps"][1]["tests"].as_array().expect("tests");
    assert!(
        tests
            .iter()
            .all(|test| test["message"] == "closed-early" && test["advice"] == "read-in-a-loop")
    );
}
