//! The most failed tests, with the beliefs that fit.

use html_page::{escape, scrolling, with_code};
use lab::course::mistake::Mistake;
use terminal::count_of;

use crate::beliefs::{Belief, FailedTest, failed_tests};
use crate::class::{ClassLab, Member, short_name};

/// Most tests in the table.
const TESTS: usize = 25;

/// Most students that are named beside a test.
const STUDENTS: usize = 4;

/// The section of the page.
pub fn section(lab: &ClassLab, mistakes: &[Mistake], members: &[Member]) -> String {
    let tests = failed_tests(&lab.entries, mistakes);
    let heading = "<section aria-labelledby=\"tests\">\n<h2 id=\"tests\">Most failed tests</h2>\n";
    if tests.is_empty() {
        return format!("{heading}<p>No test failed.</p>\n</section>\n");
    }
    let rows: String = tests.iter().take(TESTS).map(|test| row(test, members)).collect();
    let table = format!(
        "<table>\n<thead><tr><th scope=\"col\">Test</th><th scope=\"col\" class=\"number\">Failed</th>\
         <th scope=\"col\">Wrong beliefs that fit</th><th scope=\"col\">Students</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n"
    );
    let left = tests.len().saturating_sub(TESTS);
    let left = if left > 0 {
        format!("<p>{} with fewer failures.</p>\n", count_of(left, "more test"))
    } else {
        String::new()
    };
    format!(
        "{heading}<p>A belief fits if a wrong answer with this belief fails the same test with the same \
         report. It may still be another mistake.</p>\n{}{left}</section>\n",
        scrolling("wide", "Table of failed tests", &table)
    )
}

fn row(test: &FailedTest, members: &[Member]) -> String {
    let name = format!("{} › {}", test.module, test.name.replace('_', " "));
    format!(
        "<tr><th scope=\"row\">{}</th><td class=\"number\">{} of {}</td><td>{}</td><td class=\"students\">{}</td></tr>\n",
        escape(&name),
        test.failed.len(),
        test.judged,
        beliefs(&test.beliefs),
        students(test, members)
    )
}

fn beliefs(beliefs: &[Belief]) -> String {
    let item = |belief: &Belief| {
        format!(
            "<li>{}, fits {}</li>",
            with_code(belief.text),
            count_of(belief.students, "student")
        )
    };
    match beliefs {
        [] => "none is known".to_owned(),
        _ => format!("<ul>{}</ul>", beliefs.iter().map(item).collect::<String>()),
    }
}

fn students(test: &FailedTest, members: &[Member]) -> String {
    let failed = members.iter().filter(|member| test.failed.contains(&member.student.id.as_str()));
    let link = |member: &Member| {
        let name = escape(&short_name(&member.student));
        format!("<a href=\"feedback/{}.html\">{name}</a>", member.file_name)
    };
    let links: Vec<String> = failed.take(STUDENTS).map(link).collect();
    let more = test.failed.len().saturating_sub(STUDENTS);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    links.join(", ") + &more
}
