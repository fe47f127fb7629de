//! The labs, as their `lab.toml` files describe them, and how the user may call them.
//!
//! ```text
//! labs/01-echo/lab.toml      number 01, name echo, package lab01
//!   [[step]] name = "listen" first step: module step1_listen of the suite
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::trouble::Trouble;
use crate::workspace::Workspace;

/// One lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lab {
    /// The lab's folder, `labs/01-echo`, in full.
    pub path: PathBuf,
    /// Two digits, as in `01`.
    pub number: String,
    /// The folder's name behind the number, as in `echo`.
    pub name: String,
    pub title: String,
    pub minutes: u32,
    pub steps: Vec<Step>,
}

/// One step of a lab.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub name: String,
    pub idea: String,
    pub points: u32,
    /// Its files in `src`, in the order in which they are best written.
    pub files: Vec<String>,
    /// Its tests, from the most basic cause to the subtlest, without the name of their module.
    pub tests: Vec<String>,
    pub hints: Vec<String>,
}

/// What stands in `lab.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    title: String,
    minutes: u32,
    #[serde(rename = "step")]
    steps: Vec<Step>,
}

/// All labs, in order. Folders without a `lab.toml` are none yet.
pub fn all(workspace: &Workspace) -> Result<Vec<Lab>, Trouble> {
    let entries = fs::read_dir(workspace.labs())
        .map_err(|error| Trouble::failed("cannot list the labs", error))?;
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    folders
        .iter()
        .filter(|folder| folder.join("lab.toml").is_file())
        .map(|path| read(path))
        .collect()
}

/// The lab that the user calls `wanted`.
pub fn find(workspace: &Workspace, wanted: &str) -> Result<Lab, Trouble> {
    let mut labs = all(workspace)?;
    match labs.iter().position(|lab| lab.is_called(wanted)) {
        Some(index) => Ok(labs.swap_remove(index)),
        None => Err(unknown_lab(&labs, wanted)),
    }
}

fn unknown_lab(labs: &[Lab], wanted: &str) -> Trouble {
    let valid: Vec<String> = labs.iter().map(Lab::folder).collect();
    Trouble::usage(
        format!("there is no lab `{wanted}`"),
        format!("the labs are {}", valid.join(", ")),
    )
    .advice("A lab goes by its number, its name, or both: 01, 1, echo, 01-echo.")
}

fn read(folder: &Path) -> Result<Lab, Trouble> {
    let path = folder.join("lab.toml");
    let unreadable = |why: String| Trouble::failed(format!("cannot read {}", path.display()), why);
    let text = fs::read_to_string(&path).map_err(|error| unreadable(error.to_string()))?;
    let description: Description =
        toml::from_str(&text).map_err(|error| unreadable(error.to_string()))?;
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let (number, name) = name
        .as_deref()
        .and_then(|name| name.split_once('-'))
        .ok_or_else(|| unreadable("its folder is not named like 01-echo".to_owned()))?;
    Ok(Lab {
        path: folder.to_owned(),
        number: number.to_owned(),
        name: name.to_owned(),
        title: description.title,
        minutes: description.minutes,
        steps: description.steps,
    })
}

impl Lab {
    /// `01-echo`.
    pub fn folder(&self) -> String {
        format!("{}-{}", self.number, self.name)
    }

    /// `lab01`.
    pub fn package(&self) -> String {
        format!("lab{}", self.number)
    }

    /// `solution01`.
    pub fn solution(&self) -> String {
        format!("solution{}", self.number)
    }

    pub fn src(&self) -> PathBuf {
        self.path.join("src")
    }

    /// Whether the user means this lab by `wanted`: `01`, `1`, `lab01`, `echo`, `01-echo`, or
    /// the folder as a shell completes it, `labs/01-echo/`.
    pub fn is_called(&self, wanted: &str) -> bool {
        let wanted = wanted.trim_end_matches('/');
        let wanted = wanted.strip_prefix("labs/").unwrap_or(wanted);
        let number = wanted.strip_prefix("lab").unwrap_or(wanted);
        wanted == self.name || wanted == self.folder() || same_number(number, &self.number)
    }

    /// The step that the user calls `wanted`: `echo`, `2`, or `step2_echo`.
    pub fn step(&self, wanted: &str) -> Result<&Step, Trouble> {
        let is_wanted = |(index, step): &(usize, &Step)| {
            wanted == step.name
                || wanted == (index + 1).to_string()
                || wanted == module(*index, step)
        };
        self.steps.iter().enumerate().find(is_wanted).map(|(_, step)| step).ok_or_else(|| {
            let valid: Vec<&str> = self.steps.iter().map(|step| step.name.as_str()).collect();
            Trouble::usage(
                format!("lab {} has no step `{wanted}`", self.number),
                format!("its steps are {}", valid.join(", ")),
            )
        })
    }

    /// The files of the step, in the order in which they are best written.
    pub fn files_of(&self, step: &Step) -> Vec<PathBuf> {
        step.files.iter().map(|name| self.src().join(name)).collect()
    }

    /// The step whose module in the suite `test` belongs to.
    pub fn step_of(&self, test: &str) -> Option<&Step> {
        let wanted = test.split("::").next()?;
        let is_wanted = |(index, step): &(usize, &Step)| module(*index, step) == wanted;
        self.steps.iter().enumerate().find(is_wanted).map(|(_, step)| step)
    }
}

/// The module of the suite that judges the step: `step1_listen` for index 0.
pub fn module(index: usize, step: &Step) -> String {
    format!("step{}_{}", index + 1, step.name)
}

fn same_number(one: &str, other: &str) -> bool {
    match (one.parse::<u32>(), other.parse::<u32>()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A lab with two steps, for the tests of other files too.
    pub fn example() -> Lab {
        let step = |name: &str, points| Step {
            name: name.to_owned(),
            idea: format!("what {name} teaches"),
            points,
            files: vec![format!("{name}.rs")],
            tests: Vec::new(),
            hints: ["one", "two", "three"].map(str::to_owned).to_vec(),
        };
        Lab {
            path: PathBuf::from("labs/01-echo"),
            number: "01".to_owned(),
            name: "echo".to_owned(),
            title: "Echo".to_owned(),
            minutes: 120,
            steps: vec![step("listen", 15), step("echo", 20)],
        }
    }

    #[test]
    fn a_lab_goes_by_number_name_or_folder() {
        for wanted in ["01", "1", "lab01", "lab1", "echo", "01-echo", "labs/01-echo/"] {
            assert!(example().is_called(wanted), "{wanted}");
        }
        for wanted in ["", "lab", "10", "ech", "02-echo", "-1"] {
            assert!(!example().is_called(wanted), "{wanted}");
        }
    }

    #[test]
    fn a_step_goes_by_name_number_or_module() {
        for wanted in ["echo", "2", "step2_echo"] {
            assert_eq!(example().step(wanted).expect("known").name, "echo");
        }
        let trouble = example().step("step1_echo").expect_err("unknown");
        assert!(trouble.to_string().contains("listen, echo"), "{trouble}");
    }

    #[test]
    fn a_test_belongs_to_the_step_of_its_module() {
        let lab = example();
        assert_eq!(lab.step_of("step2_echo::all_comes_back").map(|step| step.points), Some(20));
        assert_eq!(lab.step_of("step3_echo::all_comes_back"), None);
    }
}
