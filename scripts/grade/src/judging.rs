//! How each submission of a run is judged.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ledger::{Entry, Timestamp, Verdict};

use crate::again;
use crate::build_time::BuildTime;
use crate::course::Course;
use crate::sandbox::Sandbox;
use crate::submission::take::Taken;
use crate::submission::tree::{Filter, Reading};
use crate::supervise::supervise;
use crate::task::{Judged, Judgement, Task};

/// The options of a run.
pub struct Judging<'run> {
    /// What keeps submissions away from this machine.
    pub sandbox: Sandbox,
    /// The command to judge instead of a Rust program.
    pub subject: Option<&'run str>,
    /// The last moment that counts, for clones.
    pub deadline: Option<Timestamp>,
    /// How long one submission may take.
    pub time_limit: Duration,
    /// The only test to judge again.
    pub again: Option<&'run str>,
    /// The commit of the workspace.
    pub commit: Option<String>,
    /// The folder of this run.
    pub folder: &'run Path,
}

impl Judging<'_> {
    /// How submissions for `course` are read.
    pub fn reading<'a>(&'a self, course: &'a Course) -> Reading<'a> {
        let names = self.subject.is_none().then_some(&course.names[..]);
        Reading { filter: Filter { names }, sandbox: self.sandbox, deadline: self.deadline }
    }

    /// The only test to judge again, if the lab of `course` has it.
    pub fn again_in(&self, course: &Course) -> Option<&str> {
        self.again.filter(|test| again::has(course, test))
    }

    /// Judges the files that were `taken`. `last` is the last entry of the student.
    pub fn judge(
        &self,
        course: &Course,
        taken: &Result<Taken, Judged>,
        last: Option<&Entry>,
        build_time: BuildTime,
    ) -> Judgement {
        let taken = match taken {
            Ok(taken) => taken,
            Err(judged) => return self.without_files(course, judged, last),
        };
        let last =
            last.filter(|last| last.submission.taken == taken.files && !last.steps.is_empty());
        match (self.again_in(course), last) {
            (Some(test), Some(last)) => {
                let judged = self.run(course, taken, Some(test), build_time);
                again::merge(&course.lab, last, judged)
            }
            _ => Judgement::Whole(self.run(course, taken, None, build_time)),
        }
    }

    fn without_files(&self, course: &Course, judged: &Judged, last: Option<&Entry>) -> Judgement {
        let is_open = judged.verdict == Verdict::GraderError;
        match last.filter(|_| is_open && self.again_in(course).is_some()) {
            Some(last) => again::merge(&course.lab, last, judged.clone()),
            None => Judgement::Whole(judged.clone()),
        }
    }

    fn run(
        &self,
        course: &Course,
        taken: &Taken,
        only: Option<&str>,
        build_time: BuildTime,
    ) -> Judged {
        let folder = match tempfile::tempdir_in(self.folder) {
            Ok(folder) => folder,
            Err(error) => return no_room(&error),
        };
        let sources = match self.subject {
            Some(_) => folder.path().join("submission"),
            None => folder.path().join("labs").join(course.lab.folder()),
        };
        if let Err(error) = write(taken, &sources) {
            return no_room(&error);
        }
        let task = Task {
            bench: course.bench.clone(),
            sandbox: self.sandbox,
            folder: folder.path().to_owned(),
            sources,
            subject: self.subject.map(str::to_owned),
            only: only.map(str::to_owned),
            build_time,
        };
        supervise(&task, self.time_limit + build_time.more_time())
    }
}

fn no_room(error: &io::Error) -> Judged {
    let reason = format!("The submission cannot be written ({error}).");
    Judged::without_tests(Verdict::GraderError, reason)
}

/// Writes the sources where the user of a box can read them, whatever the umask is.
fn write(taken: &Taken, folder: &Path) -> io::Result<()> {
    for (path, content) in &taken.sources {
        let file = folder.join(path);
        let parent = file.parent().unwrap_or(folder);
        fs::create_dir_all(parent)?;
        fs::write(&file, content)?;
        make_readable(&file, 0o644)?;
        let above = parent.ancestors().take_while(|above| above.starts_with(folder));
        above.map(PathBuf::from).try_for_each(|above| make_readable(&above, 0o755))?;
    }
    Ok(())
}

#[cfg(unix)]
fn make_readable(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn make_readable(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}
