//! Students by steps. The colour of a cell shows the share of its tests that passed, and its text has
//! the numbers.

use html_page::{escape, scrolling};
use ledger::{Step, Test};

use crate::class::{ClassLab, Member, short_name};
use crate::feedback::html::anchor;
use crate::grade::{judged, number, passed};
use crate::gradebook::{Gradebook, Graded};

/// The section of the page.
pub fn section(book: &Gradebook, lab: &ClassLab) -> String {
    let has_held_back = lab.entries.values().any(|entry| !entry.held_back.is_empty());
    let rows = book.results(lab).map(|(member, result)| row(member, &result, has_held_back));
    let table = format!(
        "<table id=\"heat-map\">\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n</table>\n",
        heading(lab, has_held_back),
        rows.collect::<String>()
    );
    format!(
        "<section aria-labelledby=\"students\">\n<h2 id=\"students\">Students by steps</h2>\n\
         <p>Tests passed of tests judged. A cell links to the ladders of that student. In the table, arrow \
         keys move from cell to cell. A button at the top of a column sorts the rows.</p>\n\
         <p><label>Find a student <input id=\"filter\" type=\"search\" autocomplete=\"off\"></label> \
         <span id=\"shown\" role=\"status\"></span></p>\n{}</section>\n",
        scrolling("wide tall", "Table of students by steps", &table)
    )
}

fn heading(lab: &ClassLab, has_held_back: bool) -> String {
    let steps = lab.steps.iter().map(String::as_str);
    let held_back = has_held_back.then_some("held back");
    let columns = ["student", "points", "verdict"].into_iter().chain(steps).chain(held_back);
    columns.map(|name| format!("<th scope=\"col\">{}</th>", escape(name))).collect()
}

fn row(member: &Member, result: &Graded, has_held_back: bool) -> String {
    let steps = result.lab.steps.iter().map(|name| step_cell(member, result, name));
    let held_back = has_held_back.then(|| cell(&result.entry.held_back, None));
    let page = format!("feedback/{}.html", member.file_name);
    let points = result.grade.points.map_or_else(|| "–".to_owned(), number);
    let sorted = result.grade.points.map(number).unwrap_or_default();
    format!(
        "<tr><th scope=\"row\"><a href=\"{page}\">{}</a></th><td class=\"number\" data-sort=\"{sorted}\">\
         {points}</td><td class=\"verdict-{}\">{}</td>{}{}</tr>\n",
        escape(&short_name(&member.student)),
        result.entry.verdict.words().replace(' ', "-"),
        result.entry.verdict.words(),
        steps.collect::<String>(),
        held_back.unwrap_or_default()
    )
}

fn step_cell(member: &Member, result: &Graded, name: &str) -> String {
    let step = result.entry.steps.iter().find(|step| step.name == name);
    let tests = step.map_or(&[][..], |step: &Step| &step.tests);
    let link = format!("feedback/{}.html#{}", member.file_name, anchor(&result.lab.number, name));
    cell(tests, Some(&link))
}

/// The share of `tests` that passed. It links only where the student's page has failures to show.
fn cell(tests: &[Test], link: Option<&str>) -> String {
    let (passed, judged) = (passed(tests), judged(tests));
    if judged == 0 {
        return "<td class=\"number\" data-sort=\"-1\">–</td>".to_owned();
    }
    let text = match link.filter(|_| passed < judged) {
        Some(link) => format!("<a href=\"{link}\">{passed}/{judged}</a>"),
        None => format!("{passed}/{judged}"),
    };
    let heat = heat(passed, judged);
    let percent = 100 * passed / judged;
    format!("<td class=\"number heat{heat}\" data-sort=\"{percent}\">{text}</td>")
}

/// One of five colours: none, less than a half, more, all but a few, all.
fn heat(passed: usize, judged: usize) -> usize {
    match passed * 100 / judged {
        100 => 4,
        80.. => 3,
        50.. => 2,
        _ if passed > 0 => 1,
        _ => 0,
    }
}
