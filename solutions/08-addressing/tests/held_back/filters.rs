//! Many questions to a filter at the same time.

use testkit::Subject;

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
