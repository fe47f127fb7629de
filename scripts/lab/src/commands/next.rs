//! What to do next, as the overview and the verdict on a finished step show it.

use std::fs;

use report::Place;
use serde::Serialize;
use terminal::{Style, pad, width, wrap_to};

use crate::course::at_hand::is_edited;
use crate::course::functions;
use crate::course::labs::{self, Lab, Step};
use crate::course::progress::Progress;
use crate::error::Error;
use crate::files;
use crate::workspace::Workspace;

/// In fewer columns, text is hard to read. Then it gets lines of its own.
pub(super) const LEAST_TEXT: usize = 28;

/// The columns of the longest verb.
const VERB: usize = "judge".len();

/// The next step.
#[derive(Debug, Serialize)]
pub struct Next {
    /// The folder's name of its lab: `01-echo`.
    pub lab: String,
    pub(super) number: String,
    pub(super) step: String,
    pub(super) idea: String,
    pub(super) read: String,
    pub(super) edit: String,
    /// Whether all its functions are written, and it failed when it was last judged. It may be right
    /// by now.
    pub(super) has_failed: bool,
}

/// What comes after a verdict without a failure.
#[derive(Debug, Serialize)]
pub struct Afterwards {
    /// The lab, if all its steps are done.
    finished: Option<Finished>,
    /// The number of the lab if all its steps are done, but not all were judged as they are now.
    to_judge_again: Option<String>,
    /// The next step of the lab, or else of a later lab.
    next: Option<Next>,
}

/// A lab whose steps are all done.
#[derive(Debug, Serialize)]
struct Finished {
    number: String,
    /// The page about the lab, and the brief with a section "Going further", if they exist.
    page: Option<String>,
    brief: Option<String>,
}

impl Next {
    /// The first step of `lab` that is not done.
    pub fn in_lab(workspace: &Workspace, lab: &Lab, progress: &Progress) -> Option<Next> {
        let step = progress.first_to_do(lab)?;
        let unwritten = first_unwritten(workspace, lab, step);
        let was_judged = progress.step(lab, &step.name).judged() > 0;
        Some(Next {
            lab: lab.folder(),
            number: lab.number.clone(),
            step: step.name.clone(),
            idea: step.idea.clone(),
            read: brief(lab),
            has_failed: was_judged && unwritten.is_none(),
            edit: unwritten
                .map_or_else(|| first_file(workspace, lab, step), |place| place.to_string()),
        })
    }

    /// The first step of the first of `labs` that is not done.
    pub fn in_labs(workspace: &Workspace, labs: &[Lab], progress: &Progress) -> Option<Next> {
        labs.iter().find_map(|lab| Next::in_lab(workspace, lab, progress))
    }

    /// The step, its idea, and the commands to begin with.
    pub fn page(&self, style: &Style) -> String {
        let heading = format!("Next: lab {}, step {}", self.number, self.step);
        let idea = wrap_to(&self.idea, 2, style.columns);
        let (judge, why) = self.how_to_judge();
        let hint = format!("cargo lab hint {}", self.number);
        let lines = [
            ("read", &*self.read, "what you build, and how to try it by hand"),
            ("edit", &self.edit, "this is where the step begins"),
            ("judge", &judge, &why),
            ("stuck", &hint, "one more hint at each call"),
        ];
        format!("\n{}\n  {idea}\n\n{}", style.bold(&heading), table(&lines, style))
    }

    /// The command that judges the step, and a remark.
    fn how_to_judge(&self) -> (String, String) {
        let Next { number, step, .. } = self;
        match self.has_failed {
            true => (
                format!("cargo lab test {number} {step}"),
                "again, because it failed when it was last judged".to_owned(),
            ),
            false => (
                format!("cargo lab watch {number}"),
                format!("after each save. To judge only once: cargo lab test {number}"),
            ),
        }
    }
}

impl Afterwards {
    /// What comes after a verdict on `lab`.
    pub fn find(workspace: &Workspace, lab: &Lab, progress: &Progress) -> Result<Self, Error> {
        if progress.first_to_do(lab).is_none() && is_edited(lab, progress) {
            let to_judge_again = Some(lab.number.clone());
            return Ok(Afterwards { finished: None, to_judge_again, next: None });
        }
        let labs = labs::all(workspace)?;
        let position = labs.iter().position(|other| other == lab).unwrap_or(0);
        let (before, this_and_later) = labs.split_at(position);
        let next = Next::in_labs(workspace, this_and_later, progress);
        Ok(Afterwards {
            finished: Finished::find(workspace, lab, progress),
            to_judge_again: None,
            next: next.or_else(|| Next::in_labs(workspace, before, progress)),
        })
    }

    /// As paragraphs.
    pub fn page(&self, style: &Style) -> String {
        if let Some(number) = &self.to_judge_again {
            let judge = format!("cargo lab test {number}");
            let why = "because files have changed since the other steps were judged";
            let heading = style.bold(&format!("Now lab {number} as a whole"));
            return format!("\n{heading}\n{}", table(&[("judge", &judge, why)], style));
        }
        let finished = self.finished.as_ref().map(|it| it.page(style)).unwrap_or_default();
        finished + &self.next.as_ref().map(|it| it.page(style)).unwrap_or_default()
    }
}

impl Finished {
    fn find(workspace: &Workspace, lab: &Lab, progress: &Progress) -> Option<Finished> {
        if progress.first_to_do(lab).is_some() {
            return None;
        }
        let page = format!("docs/labs/{}.md", lab.folder());
        let text = fs::read_to_string(workspace.root.join(brief(lab))).unwrap_or_default();
        Some(Finished {
            number: lab.number.clone(),
            page: workspace.root.join(&page).is_file().then_some(page),
            brief: text.contains("## Going further").then(|| brief(lab)),
        })
    }

    fn page(&self, style: &Style) -> String {
        let page = self.page.iter().map(|page| ("read", &**page, "the idea behind the lab"));
        let brief = self.brief.iter().map(|brief| ("try", &**brief, "section \"Going further\""));
        let lines: Vec<_> = page.chain(brief).collect();
        let heading = format!("Lab {} is done", self.number);
        format!("\n{}\n{}", style.bold(&heading), table(&lines, style))
    }
}

/// Lines of a verb, its object, and a remark.
fn table(lines: &[(&str, &str, &str)], style: &Style) -> String {
    let widest = lines.iter().map(|(_, what, _)| width(what)).max().unwrap_or(0);
    let line = |(verb, what, why): &(&str, &str, &str)| {
        let verb = style.dim(&pad(verb, VERB));
        format!("  {verb}  {}", with_remark(what, why, widest, style))
    };
    lines.iter().map(line).collect()
}

/// The object, and the remark beside it, or below it if there is no room.
fn with_remark(what: &str, why: &str, widest: usize, style: &Style) -> String {
    let below = 2 + VERB + 2;
    let beside = below + widest + 2;
    if beside + LEAST_TEXT > style.columns {
        let why = style.dim(&wrap_to(why, below, style.columns));
        return format!("{}\n{}{why}\n", style.bold(what), " ".repeat(below));
    }
    let why = style.dim(&wrap_to(why, beside, style.columns));
    format!("{}  {why}\n", style.bold(&pad(what, widest)))
}

fn brief(lab: &Lab) -> String {
    format!("labs/{}/README.md", lab.folder())
}

/// Where the step's first unwritten function is. The first line of its first file when none is left.
pub fn place_of(workspace: &Workspace, lab: &Lab, step: &Step) -> Place {
    let place = first_unwritten(workspace, lab, step);
    place.unwrap_or_else(|| Place { file: first_file(workspace, lab, step), line: 1 })
}

fn first_file(workspace: &Workspace, lab: &Lab, step: &Step) -> String {
    let first = lab.files_of(step).into_iter().next();
    files::relative(&first.unwrap_or_else(|| lab.src().join("main.rs")), &workspace.root)
}

fn first_unwritten(workspace: &Workspace, lab: &Lab, step: &Step) -> Option<Place> {
    functions::first_unwritten(lab, step).map(|function| function.place(workspace))
}
