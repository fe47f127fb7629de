//! What a run of `cargo lab test` found: a verdict, or why there is none.

use report::Place;
use serde::Serialize;
use terminal::{Style, count_of};

use super::not_judged::NotJudged;
use super::verdict::Verdict;
use crate::build::cargo::BuildResult;
use crate::build::diagnostic::Diagnostic;
use crate::course::labs::Lab;
use crate::error::Exit;
use crate::output::Output;

/// What a run found.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Judgement {
    /// The results of the tests.
    Verdict(Box<Verdict>),
    /// There is no program to judge.
    DoesNotCompile(DoesNotCompile),
    /// The machine or the suite failed.
    NotJudged(NotJudged),
}

impl Output for Judgement {
    fn page(&self, style: &Style) -> String {
        match self {
            Judgement::Verdict(verdict) => verdict.page(style),
            Judgement::DoesNotCompile(errors) => errors.page(style),
            Judgement::NotJudged(reasons) => reasons.page(style),
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Judgement::Verdict(verdict) => verdict.exit(),
            Judgement::DoesNotCompile(errors) => errors.exit(),
            Judgement::NotJudged(reasons) => reasons.exit(),
        }
    }
}

/// The output if there is no program to judge.
#[derive(Debug, Serialize)]
pub struct DoesNotCompile {
    lab: String,
    verdict: &'static str,
    /// The errors as rustc prints them, with colours if these were asked for.
    pub errors: String,
    /// How many there are.
    pub count: usize,
    /// Where the first of them is.
    pub place: Option<Place>,
}

impl DoesNotCompile {
    pub(super) fn new(lab: &Lab, built: &BuildResult) -> DoesNotCompile {
        let errors = || built.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
        DoesNotCompile {
            lab: lab.folder(),
            verdict: "did_not_compile",
            errors: built.errors(),
            count: errors().count(),
            place: errors().find_map(Diagnostic::place),
        }
    }
}

impl Output for DoesNotCompile {
    fn page(&self, style: &Style) -> String {
        let errors = count_of(self.count, "error");
        let verdict = format!("Lab {} does not compile: {errors}, so no test was run.", self.lab);
        format!("{}\n{}\n", self.errors, style.bad(&verdict))
    }

    fn exit(&self) -> Exit {
        Exit::WorkFails
    }
}
