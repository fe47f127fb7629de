//! Scripts and settings for each system that can run the grader. They are files in `templates`, with
//! the names of a few values between two `@`.

use crate::command_line::System;

/// A file for a system.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// Where it is in the result, relative to the folder or to the root of the archive.
    pub path: &'static str,
    /// Whether it is a program.
    pub is_program: bool,
    /// Its text, with the names of values.
    pub text: &'static str,
}

/// What stands in the templates instead of the names.
#[derive(Clone, Debug)]
pub struct Values {
    /// `01 02`, for `@labs@`. Where a system takes one lab only, it is `@lab@`.
    pub labs: String,
    /// The number of parts of the class, `@shards@`.
    pub shards: u32,
    /// The value of `--sandbox`, `@sandbox@`.
    pub sandbox: &'static str,
    /// The beginning of the id of the copied commit, `@commit@`.
    pub commit: String,
}

/// The version of Rust with which the workspace is tested, `@rust@`.
const RUST: &str = env!("CARGO_PKG_RUST_VERSION");

impl Template {
    /// The text with `values`.
    pub fn filled(&self, values: &Values) -> String {
        self.text
            .replace("@labs@", &values.labs)
            .replace("@lab@", &values.labs)
            .replace("@shards@", &values.shards.to_string())
            .replace("@sandbox@", values.sandbox)
            .replace("@commit@", &values.commit)
            .replace("@rust@", RUST)
    }
}

/// The files for `system`.
pub fn of(system: System) -> &'static [Template] {
    match system {
        System::Gradescope => GRADESCOPE,
        System::Github => GITHUB,
        System::Slurm => SLURM,
        System::Kubernetes => KUBERNETES,
    }
}

macro_rules! text {
    ($path:literal) => {
        include_str!(concat!("../templates/", $path))
    };
}

const GRADESCOPE: &[Template] = &[
    program("setup.sh", text!("gradescope/setup.sh")),
    program("run_autograder", text!("gradescope/run_autograder")),
];

const GITHUB: &[Template] = &[
    settings(".github/workflows/grade.yml", text!("github/grade.yml")),
    program(".github/grade.sh", text!("github/grade.sh")),
];

const SLURM: &[Template] = &[
    program("submit.sh", text!("slurm/submit.sh")),
    program("build.sbatch", text!("slurm/build.sbatch")),
    program("grade.sbatch", text!("slurm/grade.sbatch")),
    program("report.sbatch", text!("slurm/report.sbatch")),
];

const KUBERNETES: &[Template] = &[
    settings("Containerfile", text!("kubernetes/Containerfile")),
    settings("grade.yaml", text!("kubernetes/grade.yaml")),
    settings("report.yaml", text!("kubernetes/report.yaml")),
    program("run.sh", text!("kubernetes/run.sh")),
];

const fn program(path: &'static str, text: &'static str) -> Template {
    Template { path, is_program: true, text }
}

const fn settings(path: &'static str, text: &'static str) -> Template {
    Template { path, is_program: false, text }
}
