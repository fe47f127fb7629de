//! The grades of the class.

use std::collections::BTreeMap;

use ledger::{Entry, Verdict};

use crate::class::{Class, ClassLab, Member};
use crate::grade::Grade;
use crate::overrides::Override;
use crate::policy::Policy;

/// The class with a grade for each entry.
pub struct Gradebook<'a> {
    /// The class.
    pub class: &'a Class,
    /// By what the grades were computed.
    pub policy: &'a Policy,
    /// By lab and student.
    grades: BTreeMap<(String, String), Grade>,
}

impl<'a> Gradebook<'a> {
    /// Grades all entries of `class`.
    pub fn new(class: &'a Class, policy: &'a Policy) -> Gradebook<'a> {
        let graded = class.labs.iter().flat_map(|lab| {
            let of = |(id, entry): (&String, &Entry)| {
                ((lab.number.clone(), id.clone()), Grade::new(entry, lab, policy))
            };
            lab.entries.iter().map(of)
        });
        Gradebook { class, policy, grades: graded.collect() }
    }

    /// The submission of `member` for `lab`, and its grade.
    pub fn result<'b>(&'b self, lab: &'b ClassLab, member: &Member) -> Option<Graded<'b>> {
        let id = &member.student.id;
        let entry = lab.entries.get(id)?;
        let grade = self.grades.get(&(lab.number.clone(), id.clone()))?;
        Some(Graded { lab, entry, grade })
    }

    /// All results in `lab`, in the order of the students.
    pub fn results<'b>(
        &'b self,
        lab: &'b ClassLab,
    ) -> impl Iterator<Item = (&'b Member, Graded<'b>)> {
        let members = self.class.students.iter();
        members.filter_map(move |member| Some((member, self.result(lab, member)?)))
    }

    /// The students without a submission for `lab`.
    pub fn missing<'b>(&'b self, lab: &'b ClassLab) -> impl Iterator<Item = &'b Member> {
        let members = self.class.students.iter();
        members.filter(|member| !lab.entries.contains_key(&member.student.id))
    }

    /// The weighted mean of the percentages of all labs. A lab without a submission counts as zero.
    /// `None`: a lab has no grade yet.
    pub fn total_percent(&self, member: &Member) -> Option<f64> {
        let (mut sum, mut weights) = (0.0, 0.0);
        for lab in &self.class.labs {
            let weight = self.policy.of(&lab.number).weight;
            weights += weight;
            if let Some(result) = self.result(lab, member) {
                sum += weight * result.grade.percent()?;
            }
        }
        (weights > 0.0).then(|| sum / weights)
    }

    /// The students without a grade because the grader failed, each with the lab and the reason.
    pub fn grader_errors(&self) -> Vec<String> {
        let labs = self.class.labs.iter();
        let results = labs.flat_map(|lab| self.results(lab));
        // An override may give points to such a submission.
        let failed = results.filter(|(_, result)| result.grade.points.is_none());
        let line = |(member, result): (&Member, Graded)| {
            let reason = result.entry.reason.as_deref().unwrap_or("no reason is known");
            format!("{} in lab {}: {reason}", member.student.id, result.lab.number)
        };
        failed.map(line).collect()
    }

    /// What the instructor should look at, as sentences.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = self.unused_decisions();
        for lab in &self.class.labs {
            remarks.extend(self.without_time(lab));
            for (member, result) in self.results(lab) {
                let who = format!("{} in lab {}", member.student.id, lab.number);
                let is_judged = matches!(result.entry.verdict, Verdict::Passed | Verdict::Failed);
                let of_grader = result.entry.reason.iter().filter(|_| is_judged);
                let all = of_grader.chain(&result.grade.remarks);
                remarks.extend(all.map(|remark| format!("{who}: {remark}")));
            }
        }
        remarks
    }

    /// A deadline costs nothing if no time of submission is known, as in an archive or a folder.
    fn without_time(&self, lab: &ClassLab) -> Option<String> {
        self.policy.of(&lab.number).deadline?;
        let has_no_time = |entry: &&Entry| entry.submission.submitted.is_none();
        let (have, get) = match lab.entries.values().filter(has_no_time).count() {
            0 => return None,
            1 => ("1 submission has".to_owned(), "it gets"),
            count => (format!("{count} submissions have"), "they get"),
        };
        Some(format!("Lab {}: {have} no time, so {get} no penalty for lateness.", lab.number))
    }

    fn unused_decisions(&self) -> Vec<String> {
        let entries = || self.class.entries();
        let is_used =
            |it: &&Override| entries().any(|entry| it.is_for(&entry.student.id, &entry.lab));
        let unused = self.policy.decisions.iter().filter(|it| !is_used(it));
        let line = |it: &Override| {
            format!(
                "The override for {} in lab {} has no entry in the ledger, so it is not used.",
                it.student, it.lab
            )
        };
        unused.map(line).collect()
    }
}

/// A student's result in a lab.
#[derive(Clone, Copy)]
pub struct Graded<'a> {
    /// The lab.
    pub lab: &'a ClassLab,
    /// The judged submission.
    pub entry: &'a Entry,
    /// Its grade.
    pub grade: &'a Grade,
}
