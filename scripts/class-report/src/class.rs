//! The class: one entry for each student and lab, from all ledgers.

use std::collections::BTreeMap;

use grade::submission::roster::Roster;
use lab::course::labs::{self, Lab};
use lab::workspace::Workspace;
use ledger::{Entry, Ledger, Student};

use crate::file_name;
use crate::harmless;

/// The results of a class.
#[derive(Clone, Debug, Default)]
pub struct Class {
    /// All students, by name.
    pub students: Vec<Member>,
    /// The labs that were judged, by number.
    pub labs: Vec<ClassLab>,
    /// How many ledgers end in a broken line.
    pub cut: usize,
    /// How many entries were replaced by a later judgement.
    pub replaced: usize,
}

/// A student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// As the ledger has it.
    pub student: Student,
    /// The name of the student's files, without an ending.
    pub file_name: String,
}

/// A lab and its results.
#[derive(Clone, Debug)]
pub struct ClassLab {
    /// `01`
    pub number: String,
    /// `Echo: a connection is a stream of bytes`
    pub title: String,
    /// The points of all its steps.
    pub points: u32,
    /// The names of its steps, in order.
    pub steps: Vec<String>,
    /// The lab in this workspace, if it is there.
    pub lab: Option<Lab>,
    /// The entry that counts, by the student's id.
    pub entries: BTreeMap<String, Entry>,
}

impl Class {
    /// The entries of `ledger` that count.
    pub fn new(ledger: &Ledger, workspace: &Workspace) -> Class {
        let mut by_lab: BTreeMap<String, BTreeMap<String, Entry>> = BTreeMap::new();
        for entry in ledger.latest().into_values().map(harmless::entry) {
            by_lab.entry(entry.lab.clone()).or_default().insert(entry.student.id.clone(), entry);
        }
        let counting: usize = by_lab.values().map(BTreeMap::len).sum();
        let replaced = ledger.entries.len() - counting;
        let labs =
            by_lab.into_iter().map(|(number, entries)| ClassLab::new(workspace, number, entries));
        let labs: Vec<ClassLab> = labs.collect();
        Class { students: members(&labs, &[]), labs, cut: ledger.cut, replaced }
    }

    /// The same class with all students of `roster`, also those without a submission.
    pub fn with_roster(self, roster: &Roster) -> Class {
        let present: Vec<&Student> = self.students.iter().map(|member| &member.student).collect();
        let missing = roster.missing(&present);
        let missing: Vec<Student> = missing.into_iter().map(harmless::student).collect();
        Class { students: members(&self.labs, &missing), ..self }
    }

    /// All entries that count.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.labs.iter().flat_map(|lab| lab.entries.values())
    }
}

fn members(labs: &[ClassLab], missing: &[Student]) -> Vec<Member> {
    let mut latest: BTreeMap<&str, &Entry> = BTreeMap::new();
    for entry in labs.iter().flat_map(|lab| lab.entries.values()) {
        let known = latest.entry(&entry.student.id).or_insert(entry);
        if known.started < entry.started {
            *known = entry;
        }
    }
    let present = latest.values().map(|entry| &entry.student);
    let mut students: Vec<&Student> = present.chain(missing).collect();
    students.sort_by_key(|student| (shown_name(student).to_lowercase(), &student.id));
    let names = file_name::of_all(students.iter().map(|student| student.id.as_str()));
    let member =
        |(student, file_name): (&Student, String)| Member { student: student.clone(), file_name };
    students.into_iter().zip(names).map(member).collect()
}

/// The name, or else the id.
pub fn shown_name(student: &Student) -> &str {
    student.name.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or(&student.id)
}

/// Most characters of a name in a table.
const NAME: usize = 40;

/// The name of a student for a table.
pub fn short_name(student: &Student) -> String {
    let name = shown_name(student);
    match name.char_indices().nth(NAME) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

impl ClassLab {
    fn new(workspace: &Workspace, number: String, entries: BTreeMap<String, Entry>) -> ClassLab {
        let lab = labs::find(workspace, &number).ok();
        let steps = match &lab {
            Some(lab) => lab.steps().iter().map(|step| step.name.clone()).collect(),
            None => steps_of(entries.values()),
        };
        let title =
            lab.as_ref().map_or_else(|| format!("Lab {number}"), |lab| lab.manifest.title.clone());
        let all_points = |lab: &Lab| lab.steps().iter().map(|step| step.points).sum();
        let most = entries.values().map(|entry| entry.points_possible).max().unwrap_or(0);
        let points = lab.as_ref().map_or(most, all_points);
        ClassLab { number, title, points, steps, lab, entries }
    }
}

/// The steps of a lab that this workspace does not have.
fn steps_of<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<String> {
    let most = entries.max_by_key(|entry| entry.steps.len());
    let steps = most.into_iter().flat_map(|entry| &entry.steps);
    steps.map(|step| step.name.clone()).collect()
}
