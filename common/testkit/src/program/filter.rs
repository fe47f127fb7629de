//! Filters: programs that answer each line of stdin with one line.

use super::process::Process;
use super::subject::Subject;

/// Longest answer that a failure quotes whole.
const SHORT: usize = 60;

/// A filter under test. Each question waits for its answer.
pub struct Filter {
    process: Process,
    has_refused: bool,
    advice: (String, String),
}

/// Starts the filter `command`, such as `show` or `in 10.0.0.0/8`.
pub fn filter<'a>(lab: &Subject, command: impl IntoIterator<Item = &'a str>) -> Filter {
    Filter { process: lab.run(command), has_refused: false, advice: Default::default() }
}

impl Filter {
    /// What to check should the next answers be wrong.
    pub fn says(mut self, id: &str, text: &str) -> Filter {
        self.process.says(id, text);
        self.advice = (id.to_owned(), text.to_owned());
        self
    }

    /// Writes `question` as a line, and expects `answer` as the next line.
    pub fn ask(mut self, question: &str, answer: &str) -> Filter {
        let line = self.process.write_stdin(format!("{question}\n").as_bytes()).line();
        let (id, think) = &self.advice;
        self.process.check(line == answer, &difference(&line, answer), id, think);
        self.has_refused |= answer.starts_with("ERROR");
        self
    }

    /// The same with `ERROR REASON: QUESTION` as the answer.
    pub fn refuses(self, question: &str, reason: &str) -> Filter {
        self.ask(question, &format!("ERROR {reason}: {question}"))
    }

    /// Closes stdin, and expects the end: status 0, or 1 if one answer was an error.
    pub fn end(mut self) {
        self.process.close_stdin().expect_exit(i32::from(self.has_refused));
    }
}

/// Describes what is wrong with `line`. Of long answers, only the first words that differ are shown, with the
/// name of the field in front of them.
pub fn difference(line: &str, answer: &str) -> String {
    if line.len().max(answer.len()) <= SHORT {
        return format!("The last answer is `{line}`, and `{answer}` was expected.");
    }
    let both = line.split(' ').zip(answer.split(' '));
    let same = both.take_while(|(word, expected)| word == expected).count();
    let words = |text: &str| -> String {
        text.split(' ').skip(same.saturating_sub(1)).take(4).collect::<Vec<_>>().join(" ")
    };
    let (found, expected) = (words(line), words(answer));
    format!("The last answer has `{found}` where `{expected}` was expected.")
}

/// The answers of the filter `command` to `questions`, one for each. It ends with status `code`,
/// which is 1 after an `ERROR`. `lab` must allow for the output.
pub fn answers(lab: &Subject, command: &[&str], questions: &[String], code: i32) -> Vec<String> {
    let mut filter = lab.run(command.iter().copied());
    let mut text = questions.join("\n");
    text.push('\n');
    let exit = filter.write_stdin(text.as_bytes()).close_stdin().expect_exit(code);
    let printed = String::from_utf8_lossy(&exit.stdout).into_owned();
    let answers: Vec<String> = printed.lines().map(str::to_owned).collect();
    lab.check(
        answers.len() == questions.len(),
        &format!("{} questions have {} answers.", questions.len(), answers.len()),
        "one-line-for-each-question",
        "Each question has one line as its answer, whatever it is.",
    );
    answers
}

/// Fails at the first answer that is not as expected.
pub fn compare(lab: &Subject, questions: &[String], answers: &[String], expected: &[String]) {
    let mut all = questions.iter().zip(answers).zip(expected);
    if let Some(((question, answer), expected)) = all.find(|((_, one), other)| one != other) {
        let sentence =
            format!("{question}: the answer is {answer:?}, and {expected:?} was expected.");
        lab.check(
            false,
            &sentence,
            "agree-with-the-oracle",
            "Compare your answer with the expected one.",
        );
    }
}
