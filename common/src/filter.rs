//! Filters: each argument is a question, or without arguments each line of stdin. The answer to
//! each is one line on stdout.

use crate::cli;
use std::error::Error;
use std::io::{self, BufRead, Write};

/// How a filter ended: whether each question had an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Each question was answered.
    AllAnswered,
    /// At least one answer is an `ERROR`.
    SomeRefused,
}

/// The line in the place of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `ERROR REASON: QUESTION`
    WithQuestion,
    /// `ERROR REASON`, where questions are long.
    ReasonOnly,
}

/// Answers `questions`, or without any the lines of stdin, and writes each answer immediately. A
/// question without an answer gets `ERROR REASON: QUESTION`.
///
/// # Errors
///
/// Those of stdin and stdout.
pub fn answer_all(
    questions: &[String],
    answer: impl Fn(&str) -> Result<String, Box<dyn Error>>,
) -> Result<Verdict, Box<dyn Error>> {
    answer_all_or(Refusal::WithQuestion, questions, answer)
}

/// The same with the given `refusal`.
///
/// # Errors
///
/// Those of stdin and stdout.
pub fn answer_all_or(
    refusal: Refusal,
    questions: &[String],
    answer: impl Fn(&str) -> Result<String, Box<dyn Error>>,
) -> Result<Verdict, Box<dyn Error>> {
    let mut verdict = Verdict::AllAnswered;
    let mut print = |question: &str| {
        let line = answer(question).unwrap_or_else(|reason| {
            verdict = Verdict::SomeRefused;
            refusal.line(reason.as_ref(), question)
        });
        // One write for each line, so that it is visible now, and never in pieces.
        io::stdout().lock().write_all(format!("{line}\n").as_bytes())
    };
    match questions {
        [] => for_each_line(print)?,
        questions => questions.iter().try_for_each(|question| print(question))?,
    }
    Ok(verdict)
}

impl Refusal {
    /// A question comes from outside, so its control characters are not printed as they are.
    fn line(self, reason: &dyn Error, question: &str) -> String {
        if self == Refusal::ReasonOnly {
            return format!("ERROR {reason}");
        }
        format!("ERROR {reason}: {}", cli::printable(question.as_bytes()))
    }
}

fn for_each_line(mut print: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
    let mut stdin = io::stdin().lock();
    let mut line = Vec::new();
    while stdin.read_until(b'\n', &mut line)? > 0 {
        line.pop_if(|byte| *byte == b'\n');
        line.pop_if(|byte| *byte == b'\r');
        print(&String::from_utf8_lossy(&line))?;
        line.clear();
    }
    Ok(())
}
