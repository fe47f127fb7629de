//! `LAB_SUBJECT=... cargo lab test 01`: judges another program than the lab's.
//!
//! The variable may be left in the environment since yesterday. So every such run says what it
//! judges, before all other output and after it. It changes no progress.

use std::collections::BTreeMap;

use report::env::{self, SUBJECT};
use serde::Serialize;
use terminal::Style;

use super::announcement::{announce_build, announce_if_slow};
use super::clippy::Lints;
use super::not_judged::NotJudged;
use super::run::Run;
use super::verdict::Verdict;
use crate::build::cargo::Reporting;
use crate::build::suite::Suite;
use crate::cancel::CancellationToken;
use crate::course::labs::{Lab, Step};
use crate::course::progress::Progress;
use crate::error::{Error, Exit};
use crate::judge;
use crate::output::{Output, Printer};
use crate::workspace::Workspace;

/// A command that the user wants judged.
pub struct OtherSubject {
    command: String,
}

/// The verdict on it.
#[derive(Serialize)]
struct OtherVerdict {
    /// The command that was judged.
    subject: String,
    #[serde(flatten)]
    verdict: Verdict,
}

impl OtherSubject {
    /// The command of `LAB_SUBJECT`, if it is set.
    pub fn of_environment() -> Option<OtherSubject> {
        env::subject().map(|command| OtherSubject { command })
    }

    /// Judges it with the suite of `lab`.
    pub fn judge(
        self,
        workspace: &Workspace,
        lab: &Lab,
        step: Option<&Step>,
        printer: &Printer,
    ) -> Result<Exit, Error> {
        let (command, folder) = (&self.command, lab.folder());
        let subject = format!("`{command}` and not labs/{folder}/src, because {SUBJECT} is set");
        eprintln!("This run judges {subject}.");
        let suite = match Suite::cached(workspace, lab) {
            Some(suite) => suite,
            None => {
                announce_build(lab);
                Suite::build(workspace, lab, Reporting::SHOWN)?
            }
        };
        let announcement = announce_if_slow();
        let is_asked = |it: &Step| step.is_none_or(|step| step == it);
        let results =
            judge::judge_subject(lab, is_asked, &suite, command, &CancellationToken::of_process())?;
        drop(announcement);
        if let Some(not_judged) = NotJudged::find(lab, &results) {
            return Ok(printer.show(&not_judged));
        }
        // Neither the student's files nor the student's progress are about this program.
        let run = Run { files: BTreeMap::new(), results, lints: Lints::default() };
        let verdict = Verdict::new(lab, step, run, &Progress::default());
        let exit = printer.show(&OtherVerdict { subject: command.clone(), verdict });
        eprintln!(
            "This run judged {subject}.\n\
             Your progress has not changed. To judge your own answer, unset {SUBJECT}."
        );
        Ok(exit)
    }
}

impl Output for OtherVerdict {
    fn page(&self, style: &Style) -> String {
        self.verdict.page(style)
    }

    fn exit(&self) -> Exit {
        self.verdict.exit()
    }
}
