//! The policy of a course, as `policy.toml` states it.
//!
//! ```toml
//! same_cause = "counts_once"              # in each step; without it, "counts_each"
//! overrides = "overrides.csv"             # beside this file
//!
//! [late]
//! percent_per_day = 10                    # of the points of the lab, for each day that has begun
//! grace_minutes = 15
//! last_day = 3                            # a later submission has no points
//!
//! [lab.02]
//! deadline = "2026-11-30T23:59:00Z"
//! weight = 2                              # in the total; without it, 1
//! held_back_points = 20                   # without it, held-back tests do not count
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use lab::error::Error;
use ledger::Timestamp;
use serde::Deserialize;

use crate::overrides::{self, Override};

/// How results become grades.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// What a second failure of the same cause costs.
    pub same_cause: SameCause,
    /// What late submissions lose.
    pub late: Late,
    /// The labs, by number.
    pub lab: BTreeMap<String, LabPolicy>,
    overrides: Option<PathBuf>,
    /// The decisions in that file.
    #[serde(skip)]
    pub decisions: Vec<Override>,
}

/// What failures of the same cause in the same step cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SameCause {
    /// Every failed test costs its share.
    #[default]
    CountsEach,
    /// The first failed test costs its share. The others are left out, as if they had not run.
    CountsOnce,
}

/// What late submissions lose.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Late {
    /// Of the points of the lab, for each day that has begun.
    pub percent_per_day: f64,
    /// How long after the deadline a submission is still in time.
    pub grace_minutes: u64,
    /// A submission that is more days late has no points.
    pub last_day: Option<u64>,
}

/// The policy for one lab.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LabPolicy {
    /// When it is due.
    pub deadline: Option<Timestamp>,
    /// How much it counts in the total, compared with the other labs.
    pub weight: f64,
    /// The points for all held-back tests. Zero: they do not count.
    pub held_back_points: u32,
}

impl Default for LabPolicy {
    fn default() -> LabPolicy {
        LabPolicy { deadline: None, weight: 1.0, held_back_points: 0 }
    }
}

impl Policy {
    /// Reads `file`, and the overrides that it names.
    pub fn read(file: &Path) -> Result<Policy, Error> {
        let cannot = format!("cannot use {}", file.display());
        let text =
            fs::read_to_string(file).map_err(|error| Error::usage(&cannot, error.to_string()))?;
        let mut policy = Policy::parse(&text).map_err(|why| Error::usage(&cannot, why))?;
        if let Some(beside) = &policy.overrides {
            let path = file.parent().unwrap_or(Path::new("")).join(beside);
            policy.decisions = overrides::read(&path)?;
        }
        Ok(policy)
    }

    /// Reads the text of a policy, without overrides.
    pub fn parse(text: &str) -> Result<Policy, String> {
        let policy: Policy = toml::from_str(text).map_err(|error| error.to_string())?;
        let percent = policy.late.percent_per_day;
        let is_wrong = |number: f64| !number.is_finite() || number < 0.0;
        if is_wrong(percent) || percent > 100.0 {
            return Err(format!("percent_per_day is {percent}, and not from 0 to 100"));
        }
        match policy.lab.iter().find(|(_, lab)| is_wrong(lab.weight)) {
            Some((number, lab)) => Err(format!("the weight of lab {number} is {}", lab.weight)),
            None => Ok(policy),
        }
    }

    /// The policy for lab `number`.
    pub fn of(&self, number: &str) -> LabPolicy {
        self.lab.get(number).copied().unwrap_or_default()
    }

    /// The decision on `student` in lab `number`. The last one counts.
    pub fn decision(&self, student: &str, number: &str) -> Option<&Override> {
        self.decisions.iter().rfind(|decision| decision.is_for(student, number))
    }

    /// Labs that the policy names and `numbers` lacks. A typing error would go unnoticed.
    pub fn unknown_labs(&self, numbers: &[&str]) -> Vec<&str> {
        let names = self.lab.keys().map(String::as_str);
        names.filter(|name| !numbers.contains(name)).collect()
    }
}
