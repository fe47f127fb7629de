//! A report as one HTML page. It needs no network, and allows no script except its own.
//!
//! ```text
//!   heading, verdict, sentence
//!   expected, received, advice
//!   picture                      │  bytes of the message under the pointer or the focus
//!   the same as text
//! ```

mod facts;
mod messages;

use html_page::{Page, escape};
use report::{Outcome, Report};
use terminal::Style;

use crate::picture;
pub use facts::facts;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page of `report`.
pub fn html(report: &Report) -> String {
    let title = format!("{} · lab {} {}", words(report), report.lab, report.test.group());
    let style = format!("{STYLE}{}", picture::STYLE);
    Page { title: &title, style: &style, script: SCRIPT, body: &body(report) }.html()
}

fn body(report: &Report) -> String {
    let conversation = report.ladder().map(messages::conversation).unwrap_or_default();
    let facts = match facts(report, report.hint()) {
        facts if facts.is_empty() => facts,
        facts => format!("<section aria-label=\"What went wrong\">\n{facts}</section>\n"),
    };
    let text = as_text(&words(report), &report.render(&Style::PLAIN));
    format!(
        "<header>\n<p class=\"where\">Lab {} <span aria-hidden=\"true\">›</span> {}</p>\n\
         <h1>{}</h1>\n{}</header>\n<main>\n{facts}{conversation}{text}</main>\n\
         <footer><p>Written by <code>cargo lab trace {} {}</code>. Wireshark shows the packets: \
         <code class=\"option\">--pcapng</code>.</p></footer>\n",
        escape(&report.lab),
        escape(report.test.group()),
        escape(&words(report)),
        verdict(report),
        escape(&report.lab),
        escape(&report.test.name),
    )
}

/// The report on `test` as text, which the reader can unfold.
pub fn as_text(test: &str, text: &str) -> String {
    let test = escape(test);
    format!(
        "<details>\n<summary>The same as text</summary>\n<pre class=\"text\" tabindex=\"0\" \
         role=\"region\" aria-label=\"{test} as text\">{}</pre>\n</details>\n",
        escape(text)
    )
}

/// `bytes_come_back` as `Bytes come back`.
pub fn words(report: &Report) -> String {
    let name = report.test.name.replace('_', " ");
    let mut characters = name.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}

fn verdict(report: &Report) -> String {
    let (class, sign, text) = match &report.outcome {
        Outcome::Passed { .. } => ("good", "✓", "passed"),
        Outcome::Failed(_) => ("bad", "✗", "failed"),
        Outcome::Skipped { .. } => ("quiet", "–", "skipped"),
        Outcome::Machine { .. } => ("quiet", "–", "not judged"),
    };
    format!("<p class=\"verdict {class}\"><span aria-hidden=\"true\">{sign}</span> {text}</p>\n")
}
