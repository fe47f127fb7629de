//! What went wrong, in words.

use report::{Failure, Outcome, Report, StderrTail};

use html_page::{escape, with_code};

/// The sentence, the details, what was expected and received, the advice, and `hint`.
pub fn facts(report: &Report, hint: Option<String>) -> String {
    match &report.outcome {
        Outcome::Passed { .. } => String::new(),
        Outcome::Skipped { reason } | Outcome::Machine { reason } => paragraph("sentence", reason),
        Outcome::Failed(failure) => of_failure(failure, hint),
    }
}

fn of_failure(failure: &Failure, hint: Option<String>) -> String {
    let mut text = paragraph("sentence", &failure.message.text);
    text.extend(failure.details.iter().map(|detail| paragraph("detail", detail)));
    text += &list(failure);
    text.extend(failure.stderr.iter().map(stderr));
    if let Some(advice) = &failure.advice {
        text += &paragraph("advice", &advice.text);
    }
    text.extend(hint.map(|hint| paragraph("detail", &hint)));
    text
}

fn list(failure: &Failure) -> String {
    let place = failure.place.as_ref().map(ToString::to_string);
    let facts = [
        ("Expected", failure.expected.as_ref()),
        ("Received", failure.received.as_ref()),
        ("Place", place.as_ref()),
    ];
    let fact = |(name, value): (&str, Option<&String>)| {
        Some(format!("<dt>{name}</dt><dd><code>{}</code></dd>\n", escape(value?)))
    };
    let facts: String = facts.into_iter().filter_map(fact).collect();
    if facts.is_empty() { facts } else { format!("<dl>\n{facts}</dl>\n") }
}

fn stderr(tail: &StderrTail) -> String {
    let heading = escape(&tail.heading());
    let lines = escape(&tail.lines.join("\n"));
    format!(
        "<h2>{heading}</h2>\n\
         <pre class=\"text\" tabindex=\"0\" role=\"region\" aria-label=\"{heading}\">{lines}</pre>\n"
    )
}

fn paragraph(class: &str, text: &str) -> String {
    format!("<p class=\"{class}\">{}</p>\n", with_code(text))
}
