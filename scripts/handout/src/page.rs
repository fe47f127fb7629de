//! A Markdown page without what is for instructors only, and without links to files that stay behind.

/// Begins a part for instructors. On a line with other text, only this line is for them.
const INSTRUCTORS: &str = "<!-- instructors -->";
/// Ends such a part.
const STUDENTS: &str = "<!-- students -->";
const FENCE: &str = "```";

/// `text` for students. `has` tells whether the handout has a file, as the page links to it.
pub fn for_students(text: &str, has: impl Fn(&str) -> bool) -> String {
    let text = without_instructors_parts(text);
    let text = without_rows(&text, &has);
    // Code has brackets that are no links.
    let parts = text.split(FENCE).enumerate().map(|(index, part)| match index % 2 {
        0 => without_links(part, &has),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<String>>().join(FENCE)
}

fn without_instructors_parts(text: &str) -> String {
    let mut is_for_students = true;
    let mut kept = String::new();
    for line in text.split_inclusive('\n') {
        match line.trim() {
            INSTRUCTORS => is_for_students = false,
            STUDENTS => is_for_students = true,
            _ if is_for_students && !line.contains(INSTRUCTORS) => kept.push_str(line),
            _ => (),
        }
    }
    without_double_blank_lines(&kept)
}

/// A part that is left out leaves the blank lines above and below it.
fn without_double_blank_lines(text: &str) -> String {
    let mut text = text.to_owned();
    while text.contains("\n\n\n") {
        text = text.replace("\n\n\n", "\n\n");
    }
    text.trim_end().to_owned() + "\n"
}

/// Without the rows of tables that are about a missing file, because their first cell links to it.
fn without_rows(text: &str, has: &impl Fn(&str) -> bool) -> String {
    let is_about_missing = |line: &str| {
        let first_cell = line.strip_prefix("| ").and_then(|line| line.split(" | ").next());
        let target = first_cell.and_then(|cell| next_target(cell)).map(|(_, target, _)| target);
        target.is_some_and(|target| is_missing(target, has))
    };
    text.split_inclusive('\n').filter(|line| !is_about_missing(line)).collect()
}

/// The words of a link to a missing file stay.
fn without_links(text: &str, has: &impl Fn(&str) -> bool) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some((before, target, after)) = next_target(rest) {
        kept.push_str(before);
        match kept.rfind('[').filter(|_| is_missing(target, has)) {
            Some(bracket) => drop(kept.remove(bracket)),
            None => kept.push_str(&format!("]({target})")),
        }
        rest = after;
    }
    kept + rest
}

/// The target of the first link in `text`, with the text before its `](` and after its `)`.
fn next_target(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("](")?;
    let (target, after) = rest.split_once(')')?;
    Some((before, target, after))
}

fn is_missing(target: &str, has: &impl Fn(&str) -> bool) -> bool {
    let file = target.split('#').next().unwrap_or(target);
    !file.is_empty() && !file.contains(':') && !has(file)
}
