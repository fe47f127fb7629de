//! Scripts of the templates, with programs of ours in the place of cargo and sbatch.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use handout::command_line::System;
use handout::templates;

use crate::settings::values;

/// A folder with the files for a system, and programs that write their arguments to a log.
pub struct Trial {
    folder: tempfile::TempDir,
}

impl Trial {
    pub fn new(system: System) -> Trial {
        let trial = Trial { folder: tempfile::tempdir().expect("a folder") };
        for template in templates::of(system) {
            write(&trial.path(template.path), &template.filled(&values()));
        }
        trial
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A program `name` that writes its arguments to the log, and then runs `script`.
    pub fn program(&self, name: &str, script: &str) {
        let log = self.path("log");
        let text = format!("#!/bin/bash\necho \"{name} $*\" >> '{}'\n{script}\n", log.display());
        fs::create_dir_all(self.path("bin")).expect("a folder");
        // Another process writes it. If this one did, a child of another test could still have it
        // open for writing when it starts, and execve(2) would fail with ETXTBSY.
        let mut shell = Command::new("sh");
        shell.args(["-c", "printf %s \"$1\" >\"$0\" && chmod +x \"$0\""]);
        let status = shell.arg(self.path("bin").join(name)).arg(text).status();
        assert!(status.expect("sh starts").success(), "{name}");
    }

    /// Runs the script `name`.
    pub fn run(&self, name: &str, arguments: &[&Path]) -> Output {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("bash");
        command.arg(self.path(name)).args(arguments);
        command.env("PATH", format!("{}:{path}", self.path("bin").display()));
        command.env("AUTOGRADER", self.folder.path());
        command.output().expect("bash starts")
    }

    /// The calls of the programs, with short names of the folders.
    pub fn log(&self) -> String {
        let log = fs::read_to_string(self.path("log")).unwrap_or_default();
        let folder = fs::canonicalize(self.folder.path()).expect("the folder");
        log.replace(&*folder.to_string_lossy(), "FOLDER")
    }
}

pub fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    fs::write(file, text).expect("a file");
}

#[test]
fn the_report_waits_for_all_parts_of_the_class() {
    let trial = Trial::new(System::Slurm);
    trial.program("cargo", "");
    trial.program("sbatch", "wc --lines < \"$(dirname \"$0\")/../log\"");
    for folder in ["workspace", "class"] {
        fs::create_dir(trial.path(folder)).expect("a folder");
    }
    let folders = ["workspace", "class", "grades"].map(|name| trial.path(name));
    let output = trial.run("submit.sh", &[&folders[0], &folders[1], &folders[2]]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let log = trial.log();
    let jobs: Vec<&str> = log.lines().filter(|line| line.starts_with("sbatch")).collect();
    assert_eq!(jobs.len(), 3, "{log}");
    assert!(!jobs[0].contains("--dependency"), "{log}");
    assert!(jobs[1].contains("--dependency=afterok:2"), "{log}");
    assert!(jobs[1].ends_with("FOLDER/grade.sbatch FOLDER/class FOLDER/grades"), "{log}");
    assert!(jobs[2].contains("--dependency=afterok:3"), "{log}");
    assert!(jobs[2].ends_with("FOLDER/report.sbatch FOLDER/grades"), "{log}");
}

#[test]
fn a_job_of_the_array_judges_its_part() {
    let trial = Trial::new(System::Slurm);
    trial.program("cargo", "");
    let job = "SLURM_ARRAY_TASK_ID=2 SLURM_CPUS_PER_TASK=5 exec bash \"$@\"";
    trial.program("node", job);
    write(&trial.path("start"), "node \"$@\"");
    let arguments = [trial.path("grade.sbatch"), "class".into(), "grades".into()];
    let output = trial.run("start", &[&arguments[0], &arguments[1], &arguments[2]]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let call = "cargo lab grade class --lab 01 --out grades --jobs 5 --shard 2/3\n";
    assert!(trial.log().ends_with(call), "{}", trial.log());
}

#[test]
fn too_few_folders_submit_nothing() {
    let trial = Trial::new(System::Slurm);
    trial.program("sbatch", "");
    assert_eq!(trial.run("submit.sh", &[Path::new("workspace")]).status.code(), Some(2));
    assert_eq!(trial.log(), "");
}

/// A cluster in which the job that judges ends with `conditions`.
fn cluster(conditions: &str) -> Trial {
    let trial = Trial::new(System::Kubernetes);
    let get =
        format!("case \"$*\" in get*grade) echo '{conditions}' ;; get*) echo Complete ;; esac");
    trial.program("kubectl", &get);
    trial
}

#[test]
fn a_cluster_reports_when_the_class_is_judged() {
    let trial = cluster("SuccessCriteriaMet Complete");
    let output = trial.run("run.sh", &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(trial.log().contains("apply --filename=report.yaml"));
}

#[test]
fn a_cluster_does_not_report_a_part_of_the_class() {
    let trial = cluster("FailureTarget Failed");
    let output = trial.run("run.sh", &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("job/wirelab-grade failed"));
    assert!(!trial.log().contains("report.yaml"));
}
