//! A page about the class in one lab, for the instructor. It needs no network.
//!
//! ```text
//!   no grade yet          submissions that the grader could not judge
//!   points                their distribution
//!   speed and memory      if they were measured
//!   students by steps     a heat map; each cell links to the student's ladders
//!   most failed tests     with the beliefs that fit
//!   overrides             with their reasons
//!   no submission         students who handed in nothing
//! ```

mod distribution;
mod failed_tests;
mod heat_map;
mod speed;

use html_page::{Page, escape};
use lab::course::mistake::{self, Mistake};
use lab::workspace::Workspace;
use terminal::count_of;

use crate::class::{ClassLab, Member, short_name};
use crate::gradebook::Gradebook;
use crate::measured::Measured;
use crate::words;

const STYLE: &str = include_str!("class_page.css");
const SCRIPT: &str = include_str!("class_page.js");

/// The page of `lab`, with what of it was `measured`.
pub fn html(
    book: &Gradebook,
    lab: &ClassLab,
    workspace: &Workspace,
    measured: &[Measured],
) -> String {
    let known = lab.lab.as_ref().map(|lab| mistake::all(workspace, lab).0);
    page(book, lab, &known.unwrap_or_default(), measured)
}

/// The same with these mistakes.
pub fn page(
    book: &Gradebook,
    lab: &ClassLab,
    mistakes: &[Mistake],
    measured: &[Measured],
) -> String {
    let title = format!("Lab {}: the class", lab.number);
    let body = format!(
        "<header>\n<p class=\"where\">Lab {} <span aria-hidden=\"true\">›</span> the class</p>\n\
         <h1>{}</h1>\n<p>{} from {}.</p>\n{}</header>\n<main>\n{}{}{}{}{}{}{}</main>\n",
        escape(&lab.number),
        escape(&lab.title),
        count_of(lab.entries.len(), "submission"),
        count_of(book.class.students.len(), "student"),
        other_labs(book, lab),
        not_judged(book, lab),
        distribution::section(book, lab),
        speed::section(book, lab, measured),
        heat_map::section(book, lab),
        failed_tests::section(lab, mistakes, &book.class.students),
        decisions(book, lab),
        missing(book, lab),
    );
    Page { title: &title, style: STYLE, script: SCRIPT, body: &body }.html()
}

fn other_labs(book: &Gradebook, this: &ClassLab) -> String {
    let others = book.class.labs.iter().filter(|lab| lab.number != this.number);
    let link = |lab: &ClassLab| {
        let number = escape(&lab.number);
        format!("<li><a href=\"class-{number}.html\">Lab {number}</a></li>\n")
    };
    let links: String = others.map(link).collect();
    match links.is_empty() {
        true => links,
        false => {
            format!("<nav aria-label=\"Other labs\">\n<ul class=\"labs\">\n{links}</ul>\n</nav>\n")
        }
    }
}

/// The submissions that the instructor must judge again.
fn not_judged(book: &Gradebook, lab: &ClassLab) -> String {
    let failed = book.results(lab).filter(|(_, result)| result.grade.points.is_none());
    let lines = failed.map(|(member, result)| {
        let reason = result.entry.reason.as_deref().unwrap_or("no reason is known");
        format!("<li>{}: {}</li>\n", escape(&short_name(&member.student)), escape(reason))
    });
    let text =
        "<p>The grader failed, which says nothing about these submissions. Judge them again.</p>\n";
    list("no-grade", "No grade yet", text, lines.collect())
}

/// The decisions of the instructor, each with its reason.
fn decisions(book: &Gradebook, lab: &ClassLab) -> String {
    let lines = book.results(lab).filter_map(|(member, result)| {
        let decision = escape(&words::of_decision(result.grade)?);
        Some(format!("<li>{}: {decision}</li>\n", escape(&short_name(&member.student))))
    });
    list("overrides", "Overrides", "", lines.collect())
}

fn missing(book: &Gradebook, lab: &ClassLab) -> String {
    let line = |member: &Member| format!("<li>{}</li>\n", escape(&short_name(&member.student)));
    list("missing", "No submission", "", book.missing(lab).map(line).collect())
}

/// A section with a list, or nothing.
fn list(id: &str, heading: &str, text: &str, lines: String) -> String {
    match lines.is_empty() {
        true => lines,
        false => format!(
            "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{heading}</h2>\n{text}\
             <ul>\n{lines}</ul>\n</section>\n"
        ),
    }
}
