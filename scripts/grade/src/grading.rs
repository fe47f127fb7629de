//! Grades a class: every submission for every lab, some of them at the same time.
//!
//! ```text
//! read, take ──▶ key ──▶ in the ledger already? ── no ──▶ worker ──▶ entry ──▶ ledger
//! ```
//!
//! A verdict that the machine may have caused is not written yet. Its submission is judged again at
//! the end, when no other one is.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::thread;

use lab::error::Error;
use ledger::{Entry, Verdict};

use crate::build_time::BuildTime;
use crate::candidate::Candidate;
use crate::course::Course;
use crate::judging::Judging;
use crate::progress::Progress;
use crate::records::{Records, is_final};
use crate::submission::Submission;
use crate::task::Judgement;

/// Grades a class.
pub struct Grading<'run> {
    /// How one submission is judged.
    pub judging: Judging<'run>,
    /// How many are judged at the same time.
    pub jobs: usize,
    /// The ledger.
    pub records: Mutex<Records>,
    /// Shows what is done.
    pub progress: Progress,
}

/// A submission for a lab.
#[derive(Clone, Copy)]
struct Item<'run> {
    course: &'run Course,
    submission: &'run Submission,
}

/// Which of the two passes over the class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    /// Many at the same time.
    First,
    /// One after the other. Each verdict is written.
    Alone(BuildTime),
}

impl Pass {
    fn build_time(self) -> BuildTime {
        match self {
            Pass::First => BuildTime::Usual,
            Pass::Alone(build_time) => build_time,
        }
    }
}

/// The places of items, and what became of them.
type Graded = Vec<(usize, Entry)>;

impl Grading<'_> {
    /// Grades `submissions` for all `courses`. Returns the current entry of each.
    ///
    /// # Errors
    ///
    /// The ledger cannot be written.
    pub fn run(&self, courses: &[Course], submissions: &[Submission]) -> Result<Vec<Entry>, Error> {
        let of_submission =
            |submission| courses.iter().map(move |course| Item { course, submission });
        let items: Vec<Item<'_>> = submissions.iter().flat_map(of_submission).collect();
        let mut entries = self.first_pass(&items)?;
        let is_open = |place: &usize| !is_final(entries[*place].verdict);
        let open: Vec<usize> = (0..items.len()).filter(is_open).collect();
        self.progress.begin_again(open.len());
        for place in open {
            // More time does not help a submission that timed out.
            let build_time = match entries[place].verdict {
                Verdict::GraderError => BuildTime::Long,
                _ => BuildTime::Usual,
            };
            entries[place] = self.grade(items[place], Pass::Alone(build_time))?;
        }
        self.progress.end();
        Ok(entries)
    }

    fn first_pass(&self, items: &[Item<'_>]) -> Result<Vec<Entry>, Error> {
        let next = AtomicUsize::new(0);
        let graded: Vec<Result<Graded, Error>> = thread::scope(|scope| {
            let start = |_| scope.spawn(|| self.grade_some(items, &next));
            let threads: Vec<_> = (0..self.jobs).map(start).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().expect("no such thread panics"))
                .collect()
        });
        let graded: Vec<Graded> = graded.into_iter().collect::<Result<_, Error>>()?;
        let mut graded: Graded = graded.into_iter().flatten().collect();
        graded.sort_by_key(|(place, _)| *place);
        Ok(graded.into_iter().map(|(_, entry)| entry).collect())
    }

    /// Grades one item after the other until none is left.
    fn grade_some(&self, items: &[Item<'_>], next: &AtomicUsize) -> Result<Graded, Error> {
        let mut graded = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(place) else { return Ok(graded) };
            // Without a ledger, no thread begins another item.
            let stop = |_: &Error| next.store(items.len(), Ordering::Relaxed);
            graded.push((place, self.grade(*item, Pass::First).inspect_err(stop)?));
        }
    }

    /// Grades one item, unless the ledger has its verdict.
    fn grade(&self, item: Item<'_>, pass: Pass) -> Result<Entry, Error> {
        let Item { course, submission } = item;
        let candidate = Candidate::read(course, submission, &self.judging);
        let last = self.records().last(&submission.student.id, &course.lab.number).cloned();
        let is_same = |last: &Entry| last.key == candidate.key && is_final(last.verdict);
        let is_again = self.judging.again_in(course).is_some();
        if !is_again && let Some(last) = last.clone().filter(is_same) {
            return self.repeat(candidate, last);
        }
        let other = self.records().with_key(&candidate.key).cloned();
        let (entry, has_failed) = match other.filter(|_| !is_again) {
            Some(other) => (candidate.entry_like(&other), false),
            None => self.judge(course, candidate, last.as_ref(), pass.build_time()),
        };
        if !has_failed && (is_final(entry.verdict) || pass != Pass::First) {
            self.records().add(entry.clone())?;
        }
        self.progress.done(&entry, "");
        Ok(entry)
    }

    /// The entry `last` of the same files. It is written again if they were handed in otherwise, such as
    /// at another time.
    fn repeat(&self, candidate: Candidate<'_>, last: Entry) -> Result<Entry, Error> {
        let is_same = candidate.description() == last.submission;
        let entry = if is_same { last } else { candidate.entry_like(&last) };
        if !is_same {
            self.records().add(entry.clone())?;
        }
        self.progress.done(&entry, "  (as in the ledger)");
        Ok(entry)
    }

    /// The new entry, and whether one test could not be judged again, so that `last` stays.
    fn judge(
        &self,
        course: &Course,
        candidate: Candidate<'_>,
        last: Option<&Entry>,
        build_time: BuildTime,
    ) -> (Entry, bool) {
        let judgement = self.judging.judge(course, &candidate.taken, last, build_time);
        let entry = |judged| candidate.entry(course, &self.judging, judged);
        match judgement {
            Judgement::Whole(judged) => (entry(judged), false),
            Judgement::Failed(judged) => (entry(judged), true),
            Judgement::Merged(judged) => {
                let new = entry(judged);
                let Some(last) = last else { return (new, false) };
                // The key of a new suite would say that all tests are those of this suite. And a run
                // without the deadline would give the same files another time.
                let (key, submission) = (last.key.clone(), last.submission.clone());
                (Entry { key, submission, ..new }, false)
            }
        }
    }

    fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().expect("no thread panics with the lock")
    }
}
