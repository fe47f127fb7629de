//! All pairs, as the program prints them and as a page.

use std::path::PathBuf;

use html_page::{Page, escape, scrolling};
use lab::course::labs::Lab;
use lab::output::Output;
use serde::Serialize;
use terminal::{Style, count_of, wrap_to};

use crate::answer::Answer;
use crate::pairs::Pair;
use crate::regions::Region;

/// The first sentence on each page.
pub const CAUTION: &str = "Similarity is a reason to talk with both students, and no verdict. Two \
    answers may be alike because the task leaves few ways, or because both students followed the same hints.";

/// Most pairs that are printed.
const PRINTED: usize = 10;

/// The result.
#[derive(Debug, Serialize)]
pub struct Overview {
    lab: String,
    submissions: usize,
    /// How many pairs share enough.
    found: usize,
    least_percent: u8,
    pairs: Vec<Line>,
    /// Files that are no Rust, with their students.
    unreadable: Vec<String>,
    /// Submissions that cannot be read, each with the reason.
    refused: Vec<String>,
    /// The page with all pairs.
    pub page: Option<PathBuf>,
}

/// A pair.
#[derive(Debug, Serialize)]
struct Line {
    students: [String; 2],
    percent: f64,
    regions: usize,
    tokens: usize,
    page: String,
}

impl Overview {
    pub fn new(
        lab: &Lab,
        answers: &[Answer],
        refused: Vec<String>,
        found: usize,
        least_percent: u8,
    ) -> Overview {
        let of = |answer: &Answer| {
            let name = answer.name.clone();
            answer
                .unreadable
                .iter()
                .map(move |file| format!("{file} of {name}"))
                .collect::<Vec<_>>()
        };
        Overview {
            lab: lab.number.clone(),
            submissions: answers.len(),
            found,
            least_percent,
            pairs: Vec::new(),
            unreadable: answers.iter().flat_map(of).collect(),
            refused,
            page: None,
        }
    }

    pub fn add(&mut self, members: [&Answer; 2], pair: &Pair, regions: &[Region], page: String) {
        self.pairs.push(Line {
            students: members.map(|answer| answer.name.clone()),
            percent: (pair.share * 100.0).round(),
            regions: regions.len(),
            tokens: regions.iter().map(|region| region.tokens).sum(),
            page,
        });
    }

    /// `Lab 02, 120 submissions: 3 pairs …`
    fn summary(&self) -> String {
        let pairs = count_of(self.found, "pair");
        let submissions = count_of(self.submissions, "submission");
        format!(
            "Lab {}, {submissions}: {pairs} with {} percent or more in common, beyond the stub.",
            self.lab, self.least_percent
        )
    }

    pub fn html(&self) -> String {
        let rows: String = self.pairs.iter().map(Line::row).collect();
        let table = format!(
            "<table>\n<thead><tr><th scope=\"col\">Students</th>\
             <th scope=\"col\" class=\"number\">In common</th><th scope=\"col\" class=\"number\">Ranges</th>\
             <th scope=\"col\" class=\"number\">Tokens</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
        );
        let table =
            if rows.is_empty() { rows } else { scrolling("wide", "Table of pairs", &table) };
        let body = format!(
            "<header>\n<p class=\"where\">Lab {}</p>\n<h1>Similar submissions</h1>\n</header>\n<main>\n\
             <p class=\"advice\">{}</p>\n<p>{}</p>\n{table}{}</main>\n",
            escape(&self.lab),
            escape(CAUTION),
            escape(&self.summary()),
            self.not_compared()
        );
        Page { title: "Similar submissions", style: "", script: "", body: &body }.html()
    }

    fn not_compared(&self) -> String {
        list("Not compared, because it is no valid Rust", &self.unreadable)
            + &list("Not compared, because it cannot be read", &self.refused)
    }
}

/// A list with a heading, unless it is empty.
fn list(heading: &str, items: &[String]) -> String {
    let lines = items.iter().map(|item| format!("<li>{}</li>\n", escape(item)));
    let lines: String = lines.collect();
    match lines.is_empty() {
        true => lines,
        false => format!("<h2>{heading}</h2>\n<ul>\n{lines}</ul>\n"),
    }
}

impl Line {
    fn row(&self) -> String {
        let [one, other] = self.students.each_ref().map(|name| escape(name));
        format!(
            "<tr><th scope=\"row\"><a href=\"{}\">{one} and {other}</a></th>\
             <td class=\"number\">{} %</td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n",
            self.page, self.percent, self.regions, self.tokens
        )
    }

    fn line(&self) -> String {
        let [one, other] = &self.students;
        format!(
            "  {:>3} %  {one} and {other}: {} in {}",
            self.percent,
            count_of(self.tokens, "token"),
            count_of(self.regions, "range")
        )
    }
}

impl Output for Overview {
    fn page(&self, style: &Style) -> String {
        let mut page = format!("{}\n", wrap_to(&self.summary(), 0, style.columns));
        page.extend(self.pairs.iter().take(PRINTED).map(|pair| format!("{}\n", pair.line())));
        if !self.unreadable.is_empty() {
            page += &format!(
                "Not compared, because it is no valid Rust: {}\n",
                self.unreadable.join(", ")
            );
        }
        page.extend(self.refused.iter().map(|why| format!("Not compared: {why}\n")));
        if let Some(path) = &self.page {
            page += &format!("The page is {}\n", path.display());
        }
        format!("{page}{}\n", wrap_to(CAUTION, 0, style.columns))
    }
}
