//! One submission for one lab: its files, its key, and its entry in the ledger.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use lab::files;
use ledger::{Entry, SCHEMA, Timestamp, VERSION, Verdict};

use crate::course::Course;
use crate::judging::Judging;
use crate::submission::Submission;
use crate::submission::git::Commit;
use crate::submission::other_lab;
use crate::submission::read;
use crate::submission::take::{self, Taken, sha256};
use crate::submission::tree::Refusal;
use crate::submission::work_tree;
use crate::task::Judged;

/// A submission that was read.
pub struct Candidate<'run> {
    submission: &'run Submission,
    /// The files to judge, or the verdict on a submission without any.
    pub taken: Result<Taken, Judged>,
    /// A sentence on the lab that the submission seems to be for.
    other_lab: Option<String>,
    commit: Option<Commit>,
    /// When the files that were taken got their content, for a commit.
    committed: Option<Timestamp>,
    /// What the verdict depends on.
    pub key: String,
    started: Timestamp,
    clock: Instant,
}

impl<'run> Candidate<'run> {
    /// Reads `submission`.
    pub fn read(
        course: &Course,
        submission: &'run Submission,
        judging: &Judging<'_>,
    ) -> Candidate<'run> {
        let (started, clock) = (Timestamp::now(), Instant::now());
        let (mut commit, mut committed, mut other_lab) = (None, None, None);
        let mut take = || -> Result<Taken, Refusal> {
            let content = read::read(submission, judging.reading(course))?;
            commit = content.commit;
            committed = commit.as_ref().map(|commit| commit.time);
            let mut taken = match judging.subject {
                Some(_) => take::take_all(content.tree),
                None => {
                    other_lab = other_lab::sentence(&course.lab, &course.labs, &content.tree);
                    take::take(&course.lab, &course.stub, content.tree)
                }
            }?;
            if let Some(commit) = &commit {
                committed = Some(commit.last_change(taken.origins.values())?);
                taken.left_out.extend(work_tree::changed(commit, &taken));
            }
            Ok(taken)
        };
        // A stranger made the archive. A defect of our reader must not end the whole run.
        let taken = catch_unwind(AssertUnwindSafe(&mut take));
        let taken = match taken {
            Ok(taken) => taken.map_err(Judged::from),
            Err(_) => Err(Judged::without_tests(Verdict::GraderError, PANICKED)),
        };
        let key = key(course, judging, &taken);
        Candidate { submission, taken, other_lab, commit, committed, key, started, clock }
    }

    /// The entry for the ledger.
    pub fn entry(self, course: &Course, judging: &Judging<'_>, judged: Judged) -> Entry {
        let reason = self.reason(&judged);
        let wall_ms = u64::try_from(self.clock.elapsed().as_millis()).unwrap_or(u64::MAX);
        Entry {
            schema: SCHEMA.to_owned(),
            version: VERSION,
            lab: course.lab.number.clone(),
            student: self.submission.student.clone(),
            submission: self.description(),
            key: self.key,
            verdict: judged.verdict,
            reason,
            compiler: judged.compiler,
            points: judged.points,
            points_possible: judged.points_possible,
            steps: judged.steps,
            held_back: judged.held_back,
            toolchain: course.bench.toolchain.clone(),
            judge: judging.commit.clone(),
            started: self.started,
            wall_ms,
            cpu_ms: judged.cpu_ms,
        }
    }

    /// The entry of the same files, such as those of another student, for this submission.
    pub fn entry_like(self, other: &Entry) -> Entry {
        let (student, submission) = (self.submission.student.clone(), self.description());
        Entry { student, submission, started: self.started, ..other.clone() }
    }

    /// The reason of `judged`, and for files that do not compile the lab that they seem to be for.
    fn reason(&self, judged: &Judged) -> Option<String> {
        let reason = judged.reason.clone()?;
        match &self.other_lab {
            Some(other) if judged.verdict == Verdict::DidNotCompile => {
                Some(format!("{reason} {other}"))
            }
            _ => Some(reason),
        }
    }

    /// What was handed in.
    pub fn description(&self) -> ledger::Submission {
        let (taken, left_out) = match &self.taken {
            Ok(taken) => (taken.files.clone(), taken.left_out.clone()),
            Err(_) => (Vec::new(), Vec::new()),
        };
        ledger::Submission {
            source: self.submission.source.clone(),
            commit: self.commit.as_ref().map(|commit| commit.id.clone()),
            number: self.submission.number.clone(),
            submitted: self.committed.or(self.submission.submitted),
            marked_late: self.submission.marked_late,
            taken,
            left_out,
        }
    }
}

impl From<Refusal> for Judged {
    fn from(refusal: Refusal) -> Judged {
        let verdict = match refusal {
            Refusal::Submission(_) => Verdict::Refused,
            Refusal::Machine(_) => Verdict::GraderError,
        };
        Judged::without_tests(verdict, refusal.to_string())
    }
}

const PANICKED: &str = "The grader panicked while it read the submission.";

fn key(course: &Course, judging: &Judging<'_>, taken: &Result<Taken, Judged>) -> String {
    let mut texts = vec![course.bench.fingerprint.clone(), format!("{:?}", judging.sandbox)];
    match taken {
        Ok(taken) => texts.extend(
            taken.sources.iter().flat_map(|(path, content)| [path.clone(), sha256(content)]),
        ),
        Err(judged) => texts.extend(judged.reason.clone()),
    }
    files::text_fingerprint(&texts)
}
