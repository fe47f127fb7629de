//! Temporary: reads the reports of the kit before `report` existed.
use report::{Failure, Kind, Outcome, Report, TestId};
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
struct Old {
    outcome: String,
    kind: Option<Kind>,
    step: String,
    test: String,
    sentence: String,
    text: String,
    #[serde(default)]
    hurried: bool,
}

pub fn read(path: &Path) -> Option<Report> {
    let old: Old = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    let id = TestId { module: String::new(), step: Some(old.step), name: old.test };
    let outcome = if old.outcome == "skipped" {
        Outcome::Skipped { reason: old.sentence }
    } else {
        let mut failure = Failure::new(old.kind.unwrap_or(Kind::Expectation), "", &old.sentence);
        failure.details = vec![old.text];
        Outcome::Failed(Box::new(failure))
    };
    Some(Report { provisional: old.hurried, ..Report::new("00", id, outcome) })
}
