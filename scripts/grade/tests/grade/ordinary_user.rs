//! A judge that an ordinary user starts. If root runs the tests, the user is `nobody`.

use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;
use std::process::{self, Command};

use grade::bench::{Bench, Subject};
use grade::build_time::BuildTime;
use grade::sandbox::{Sandbox, User};
use grade::task::{Judged, Task};
use lab::course::labs;
use lab::files;
use lab::workspace::Workspace;

use crate::class::{Class, has_sandbox, workspace};

const NOBODY: u32 = 65534;

#[test]
fn an_ordinary_user_needs_no_rights_to_judge() {
    if !has_sandbox() {
        return;
    }
    let class = Class::new();
    let mut reads = as_ordinary_user(class.path(), Path::new("ls"));
    if !reads.arg(workspace().join("labs")).output().expect("it starts").status.success() {
        eprintln!("skipped: the workspace is in a folder that only root can open");
        return;
    }
    let workspace = Workspace { root: workspace() };
    let lab = labs::find(&workspace, "01").expect("lab 01");
    let command = "python3 -u server.py";
    let bench = Bench::build(&workspace, &lab, Subject::Command(command), &class.path().join("01"));
    let folder = class.path().join("work");
    let sources = folder.join("submission");
    fs::create_dir_all(&sources).expect("a folder");
    let server = workspace.root.join("docs/examples/echo_server.py");
    fs::copy(server, sources.join("server.py")).expect("copied");
    let task = Task {
        bench: bench.expect("built"),
        sandbox: Sandbox::Bubblewrap(User::Own),
        folder: folder.clone(),
        sources,
        subject: Some(command.to_owned()),
        only: None,
        build_time: BuildTime::Usual,
    };
    let text = serde_json::to_vec(&task).expect("JSON");
    fs::write(folder.join("task.json"), text).expect("written");

    let program = class.path().join("grade");
    // Another process copies it. If this one did, a child of another test could still have it open
    // for writing when it starts, and execve(2) would fail with ETXTBSY.
    let mut copy = Command::new("cp");
    let copied = copy.arg(env!("CARGO_BIN_EXE_grade")).arg(&program).status();
    assert!(copied.expect("cp starts").success());
    let mut worker = as_ordinary_user(class.path(), &program);
    worker.arg("--worker").arg(folder.join("task.json")).arg(process::id().to_string());
    worker.current_dir(class.path());
    worker.env("TMPDIR", &folder);
    let output = worker.output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let judged: Judged = serde_json::from_slice(&output.stdout).expect("a result");
    let step = judged.steps.iter().find(|step| step.name == "echo").expect("a step");
    assert_eq!(step.points, 25, "{step:?}");
}

/// `program` as this user, or as nobody if this user is root. Then `folder` becomes nobody's.
fn as_ordinary_user(folder: &Path, program: &Path) -> Command {
    let is_root = chown(folder, Some(NOBODY), Some(NOBODY)).is_ok();
    if !is_root {
        return Command::new(program);
    }
    let all = files::files_under(folder).into_iter();
    for path in all.flat_map(|file| file.ancestors().map(Path::to_owned).collect::<Vec<_>>()) {
        if path.starts_with(folder) {
            chown(&path, Some(NOBODY), Some(NOBODY)).expect("we are root");
        }
    }
    let mut command = Command::new("setpriv");
    let ids = [format!("--reuid={NOBODY}"), format!("--regid={NOBODY}")];
    command.args(ids).args(["--clear-groups", "--"]).arg(program);
    command
}
