//! Feedback as one HTML page that needs no network and no script.

use html_page::{Page, escape, scrolling};
use ledger::Test;
use trace::page::{as_text, facts, words as capitalised};
use trace::picture::{self, Rows};

use super::{Group, HeldBack, Line, NO_SUBMISSION, groups, lines, text};
use crate::cause::Cause;
use crate::class::{ClassLab, Member, shown_name};
use crate::grade::number;
use crate::gradebook::{Gradebook, Graded};
use crate::words;

const STYLE: &str = include_str!("feedback.css");

/// The page of `member`, for all labs.
pub fn feedback(book: &Gradebook, member: &Member, held_back: HeldBack) -> String {
    let name = shown_name(&member.student);
    let lab = |lab| match book.result(lab, member) {
        Some(result) => of_lab(&result, held_back),
        None => without_submission(lab),
    };
    let labs: String = book.class.labs.iter().map(lab).collect();
    let body = format!(
        "<header>\n<p class=\"where\">Feedback</p>\n<h1>{}</h1>\n<p class=\"where\">{}</p>\n\
         </header>\n<main>\n{labs}</main>\n",
        escape(name),
        escape(&member.student.id),
    );
    let title = format!("Feedback for {name}");
    let style = format!("{STYLE}{}", picture::STYLE);
    Page { title: &title, style: &style, script: "", body: &body }.html()
}

/// Where the page has the step `step` of lab `number`. Steps are named by `lab.toml`.
pub fn anchor(number: &str, step: &str) -> String {
    escape(&format!("lab-{number}-{step}"))
}

fn of_lab(result: &Graded, held_back: HeldBack) -> String {
    let sentences = words::sentences(result);
    let sentences: String = sentences.iter().map(|it| format!("<p>{}</p>\n", escape(it))).collect();
    let compiler = result.entry.compiler.as_deref().map(|text| compiler(&result.lab.number, text));
    let failures: String =
        groups(result, held_back).iter().map(|group| of_group(&result.lab.number, group)).collect();
    let details = format!("{sentences}{}{}{failures}", table(result), compiler.unwrap_or_default());
    section(result.lab, &words::points(result.grade), &details)
}

fn without_submission(lab: &ClassLab) -> String {
    section(lab, NO_SUBMISSION, "")
}

fn section(lab: &ClassLab, sentence: &str, details: &str) -> String {
    let number = escape(&lab.number);
    format!(
        "<section aria-labelledby=\"lab-{number}\">\n<h2 id=\"lab-{number}\">Lab {number} › {}</h2>\n\
         <p class=\"sentence\">{}</p>\n{details}</section>\n",
        escape(&lab.title),
        escape(sentence),
    )
}

fn compiler(number: &str, text: &str) -> String {
    format!(
        "<pre class=\"text\" tabindex=\"0\" role=\"region\" aria-label=\"What the compiler printed \
         for lab {}\">{}</pre>\n",
        escape(number),
        escape(text)
    )
}

fn table(result: &Graded) -> String {
    let rows: String = lines(result).iter().map(row).collect();
    if rows.is_empty() {
        return rows;
    }
    let table = format!(
        "<table>\n<thead><tr><th scope=\"col\">Step</th><th scope=\"col\" class=\"number\">Points</th>\
         <th scope=\"col\" class=\"number\">Tests passed</th></tr></thead>\n<tbody>\n{rows}</tbody>\n\
         </table>\n"
    );
    scrolling("wide", &format!("Steps of lab {}", result.lab.number), &table)
}

fn row(line: &Line) -> String {
    format!(
        "<tr><th scope=\"row\">{}</th><td class=\"number\">{} of {}</td>\
         <td class=\"number\">{} of {}</td></tr>\n",
        escape(&line.name),
        number(line.points),
        number(line.possible),
        line.passed,
        line.judged
    )
}

fn of_group(number: &str, group: &Group) -> String {
    let causes = group.causes.iter().enumerate();
    let causes: String = causes.map(|(index, cause)| of_cause(number, cause, index == 0)).collect();
    let anchor = anchor(number, group.name);
    format!("<h3 id=\"{anchor}\">{}</h3>\n{causes}", escape(&group.heading))
}

fn of_cause(number: &str, cause: &Cause, is_open: bool) -> String {
    let open = if is_open { " open" } else { "" };
    let others = words::others_like(&cause.others);
    let others = others.map(|others| format!("<p class=\"detail\">{}</p>\n", escape(&others)));
    format!(
        "<details{open}>\n<summary>✗ {}</summary>\n{}{}</details>\n",
        escape(&words::name(cause.first)),
        of_failure(number, cause.first),
        others.unwrap_or_default()
    )
}

/// What went wrong, the picture, and the same as text.
fn of_failure(number: &str, test: &Test) -> String {
    let Some(report) = &test.report else {
        return format!("<p>{}</p>\n", escape(&text::failure(test)));
    };
    // Labels of regions must differ in one page.
    let label = format!("{} (lab {number}, {})", capitalised(report), test.module);
    let diagram = |ladder| {
        let picture = picture::svg_element(ladder, Rows::Lines);
        scrolling("diagram", &format!("Diagram of {label}"), &picture)
    };
    let diagram = report.ladder().map(diagram).unwrap_or_default();
    format!("{}{diagram}{}", facts(report, None), as_text(&label, &text::failure(test)))
}
