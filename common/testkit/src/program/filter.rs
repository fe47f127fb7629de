//! Filters: programs that answer each line of stdin with one line.

use super::process::Process;
use super::subject::{Subject, program_name};
use report::bytes::Difference;

/// Longest answer that a failure quotes whole.
const SHORT: usize = 60;

/// Most characters of a question that a failure quotes.
const QUESTION: usize = 40;

/// Most characters of a longer question that a failure repeats as a command.
const COMMAND: usize = 600;

/// A filter under test. Each question waits for its answer.
pub struct Filter {
    process: Process,
    command: String,
    /// The program's name, for a command line.
    program: String,
    has_refused: bool,
    advice: (String, String),
    /// What to check instead if a certain word is the first wrong one, or if the answer has certain
    /// words.
    special: Vec<(Case, String, String)>,
}

/// Which wrong answer a special advice is for.
enum Case {
    /// The words before this one are right. They are counted from 0.
    FromWord(usize),
    /// The wrong answer has these words, and the right one is no refusal.
    Has(&'static str),
}

/// Starts the filter `command`, such as `show` or `in 10.0.0.0/8`.
pub fn filter<'a>(lab: &Subject, command: impl IntoIterator<Item = &'a str>) -> Filter {
    let words: Vec<&str> = command.into_iter().collect();
    Filter {
        process: lab.run_tool(words.iter().copied()),
        command: words.join(" "),
        program: program_name(&lab.words),
        has_refused: false,
        advice: Default::default(),
        special: Vec::new(),
    }
}

impl Filter {
    /// What to check should the next answers be wrong.
    pub fn says(mut self, id: &str, text: &str) -> Filter {
        self.process.says(id, text);
        self.advice = (id.to_owned(), text.to_owned());
        self
    }

    /// What to check instead, here and later, if the words of an answer in front of `word` are
    /// right. If several fit, the last one counts.
    pub fn says_from_word(mut self, word: usize, (id, text): (&str, &str)) -> Filter {
        self.special.push((Case::FromWord(word), id.to_owned(), text.to_owned()));
        self
    }

    /// What to check instead, here and later, if a wrong answer has `words`, and the right one is
    /// no refusal.
    pub fn says_if_it_has(mut self, words: &'static str, (id, text): (&str, &str)) -> Filter {
        self.special.push((Case::Has(words), id.to_owned(), text.to_owned()));
        self
    }

    /// Writes `question` as a line, and expects `answer` as the next line.
    pub fn ask(mut self, question: &str, answer: &str) -> Filter {
        let line = self.process.write_stdin(format!("{question}\n").as_bytes()).line();
        if line != answer {
            self.fail(question, &line, answer);
        }
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

    fn fail(&self, question: &str, line: &str, answer: &str) -> ! {
        let (id, think) = self.advice_for(line, answer);
        let sentence = difference(&self.command, question, line, answer);
        self.process.fail_line(sentence, id, think, self.command_for(question))
    }

    /// The command that asks a question that the sentence cuts, if it fits into some lines.
    fn command_for(&self, question: &str) -> Option<String> {
        let is_cut = question.chars().count() > QUESTION;
        let is_plain = question.chars().all(|sign| sign.is_ascii_alphanumeric());
        let command = format!("By hand: `{} {} {question}`", self.program, self.command);
        (is_cut && is_plain && question.len() <= COMMAND).then_some(command)
    }

    fn advice_for(&self, line: &str, answer: &str) -> (&str, &str) {
        let same = same_words(line, answer);
        let fits = |case: &Case| match case {
            // A refusal has no fields.
            Case::FromWord(word) => *word <= same && !line.starts_with("ERROR"),
            Case::Has(words) => line.contains(words) && !answer.starts_with("ERROR"),
        };
        let special = self.special.iter().rev().find(|(case, ..)| fits(case));
        let special = special.map(|(_, id, text)| (&id[..], &text[..]));
        special.unwrap_or((&self.advice.0, &self.advice.1))
    }
}

/// The fault of `line`, the answer of `command` to `question`. Of long answers, only the
/// first words that differ are shown, with the name of the field in front of them. Of a refusal,
/// the reason is.
fn difference(command: &str, question: &str, line: &str, answer: &str) -> String {
    let asked = format!("`{command}` was asked `{}`. The answer", shortened(question, QUESTION));
    if line.len().max(answer.len()) <= SHORT {
        return format!("{asked} is `{line}`, and `{answer}` was expected.");
    }
    if line.starts_with("ERROR") != answer.starts_with("ERROR") {
        let (line, answer) = (without(question, line), without(question, answer));
        return format!("{asked} is `{line}`, and `{answer}` was expected.");
    }
    if !line.contains(' ') && !answer.contains(' ') {
        let Difference { received, expected, at } =
            Difference::between(line.as_bytes(), answer.as_bytes());
        let at = at.map_or(String::new(), |at| format!(" at character {}", at + 1));
        return format!("{asked} has {received}{at} where {expected} was expected.");
    }
    let same = same_words(line, answer);
    let words = |text: &str| -> String {
        text.split(' ').skip(same.saturating_sub(1)).take(4).collect::<Vec<_>>().join(" ")
    };
    let (found, expected) = (words(line), words(answer));
    format!("{asked} has `{found}` where `{expected}` was expected.")
}

/// How many words both have in common at their beginning.
fn same_words(line: &str, answer: &str) -> usize {
    let both = line.split(' ').zip(answer.split(' '));
    both.take_while(|(word, expected)| word == expected).count()
}

/// A refusal without its question, or the beginning of another long answer.
fn without(question: &str, line: &str) -> String {
    shortened(line.strip_suffix(&format!(": {question}")).unwrap_or(line), SHORT)
}

fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn long_words_are_shown_where_they_differ() {
        let (line, answer) = (format!("{}00{}", "a".repeat(80), "b".repeat(80)), "a".repeat(162));
        let sentence = difference("encode", "a.test", &line, &answer);
        let wanted = "has …\"aaaaaaaaaaaaaaaa00bbbbbbbbbbbbbb\"… (162 bytes) at character 81 where";
        assert!(sentence.contains(wanted), "{sentence}");
    }
}
