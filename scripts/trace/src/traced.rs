//! A test that was traced, and the file that it is written to.

use std::env;
use std::path::{Path, PathBuf};

use lab::error::{Error, Exit};
use lab::files;
use lab::judge::TestResult;
use lab::output::Output;
use lab::result_file::ResultFile;
use lab::workspace::Workspace;
use report::Report;
use serde::Serialize;
use terminal::Style;

use crate::{browser, capture, page, picture};

/// What a trace is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A page for the browser.
    Html,
    /// A picture.
    Svg,
    /// A packet capture.
    Pcapng,
}

impl Kind {
    fn extension(self) -> &'static str {
        match self {
            Kind::Html => "html",
            Kind::Svg => "svg",
            Kind::Pcapng => "pcapng",
        }
    }

    fn content(self, report: &Report) -> Option<Vec<u8>> {
        match self {
            Kind::Html => Some(page::html(report).into_bytes()),
            Kind::Svg => Some(picture::svg_file(report.ladder()?).into_bytes()),
            Kind::Pcapng => capture::pcapng(report),
        }
    }
}

/// Writes the page of `report` into `.lab/trace/`, and opens it in the browser. Returns its path.
///
/// # Errors
///
/// The page cannot be written, or there is no browser.
pub fn write_and_open(workspace: &Workspace, report: &Report) -> Result<PathBuf, Error> {
    let file = write(workspace, report, Kind::Html, None)?;
    open(&file)?;
    Ok(file)
}

/// The result of a traced test. In JSON, it is the report.
#[derive(Serialize)]
pub struct Traced {
    #[serde(flatten)]
    result: TestResult,
    /// Where the trace was written to.
    file: Option<PathBuf>,
}

impl Traced {
    pub fn new(result: TestResult) -> Traced {
        Traced { result, file: None }
    }

    pub fn write(
        &mut self,
        workspace: &Workspace,
        kind: Kind,
        file: Option<&ResultFile>,
    ) -> Result<(), Error> {
        let report = self.result.report.as_ref().ok_or_else(|| self.no_conversation())?;
        self.file = Some(write(workspace, report, kind, file)?);
        Ok(())
    }

    pub fn open(&self) -> Result<(), Error> {
        self.file.as_deref().map_or(Ok(()), open)
    }

    fn no_conversation(&self) -> Error {
        let what = format!("there is no trace of {}", self.result.name());
        match self.result.is_failure() {
            true => Error::failed(what, self.result.render(&Style::PLAIN)),
            false => Error::failed(what, "the test starts no program"),
        }
    }
}

impl Output for Traced {
    fn page(&self, style: &Style) -> String {
        match (&self.file, &self.result.report) {
            (Some(file), _) => format!("{} {}\n", self.summary(style), shown(file).display()),
            (None, Some(report)) => report.render(style) + "\n",
            (None, None) if self.result.is_failure() => self.result.render(style) + "\n",
            (None, None) => format!("{} passed. It starts no program.\n", self.result.name()),
        }
    }

    fn exit(&self) -> Exit {
        match self.result.is_verdict() {
            true => Exit::of(!self.result.is_failure()),
            false => Exit::ToolFails,
        }
    }
}

impl Traced {
    /// `✗ bytes come back. The trace is in`
    fn summary(&self, style: &Style) -> String {
        let mark = style.mark(!self.result.is_failure());
        format!("{mark} {}. The trace is in", self.result.name_in_words())
    }
}

fn write(
    workspace: &Workspace,
    report: &Report,
    kind: Kind,
    file: Option<&ResultFile>,
) -> Result<PathBuf, Error> {
    let name = format!("{}.{}.{}", report.lab, report.test.group(), report.test.name);
    let usual = workspace.state_dir().join("trace").join(format!("{name}.{}", kind.extension()));
    let path = file.map_or(usual.as_path(), ResultFile::path);
    let cannot = || format!("cannot write {}", path.display());
    let content = kind.content(report);
    let content = content.ok_or_else(|| Error::failed(cannot(), "the test has no conversation"))?;
    match file {
        Some(file) => file.write(&content)?,
        None => {
            files::write_whole(path, &content).map_err(|error| Error::failed(cannot(), error))?
        }
    }
    Ok(path.to_owned())
}

fn open(file: &Path) -> Result<(), Error> {
    browser::open(file).map_err(|error| {
        let what = format!("cannot open {}", file.display());
        Error::failed(what, error).advice("Open it yourself, or set BROWSER to a program.")
    })
}

/// The path as it is shortest from the current folder.
fn shown(file: &Path) -> &Path {
    let here = env::current_dir().ok();
    here.and_then(|here| file.strip_prefix(here).ok()).unwrap_or(file)
}
