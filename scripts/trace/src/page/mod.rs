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

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use report::{Outcome, Report};
use sha2::{Digest, Sha256};
use terminal::Style;

use crate::escape::escape;
use crate::picture;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page of `report`.
pub fn html(report: &Report) -> String {
    let title = format!("{} · lab {} {}", words(report), report.lab, report.test.group());
    let style = format!("{STYLE}{}", picture::STYLE);
    let policy = policy(&style);
    let title = escape(&title);
    let body = body(report);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\
         <script>{SCRIPT}</script>\n</body>\n</html>\n"
    )
}

/// Nothing is loaded, and no other style or script is used, whatever a program sent.
fn policy(style: &str) -> String {
    let [style, script] = [style, SCRIPT].map(|text| BASE64_STANDARD.encode(Sha256::digest(text)));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; \
         base-uri 'none'; form-action 'none'"
    )
}

fn body(report: &Report) -> String {
    let conversation = report.ladder().map(messages::conversation).unwrap_or_default();
    let facts = facts::facts(report);
    let text = escape(&report.render(&Style::PLAIN));
    format!(
        "<header>\n<p class=\"where\">Lab {} <span aria-hidden=\"true\">›</span> {}</p>\n\
         <h1>{}</h1>\n{}</header>\n<main>\n{facts}{conversation}\
         <details>\n<summary>The same as text</summary>\n\
         <pre class=\"text\" tabindex=\"0\" role=\"region\" aria-label=\"The same as text\">{text}</pre>\
         \n</details>\n</main>\n\
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

/// `bytes_come_back` as `Bytes come back`.
fn words(report: &Report) -> String {
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
