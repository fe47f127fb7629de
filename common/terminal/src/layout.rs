//! Lines that fit. A column is a character, because our texts hold no wide ones.

/// No line that we compose is wider than this.
pub const WIDTH: usize = 100;

/// How many columns `text` takes.
pub fn width(text: &str) -> usize {
    text.chars().count()
}

/// `text` and the spaces that make it `columns` wide.
pub fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// `text` in lines of at most `columns` characters, cut between its [`unbroken`] parts. Its own lines
/// stay lines, and keep the spaces that they begin with.
pub fn wrap_lines(text: &str, columns: usize) -> Vec<String> {
    text.split('\n').flat_map(|line| wrap_line(line, columns)).collect()
}

/// The same, and a word that is wider than `columns` is cut, too: for text that we did not write.
pub fn wrap_all(text: &str, columns: usize) -> Vec<String> {
    let lines = wrap_lines(text, columns).into_iter();
    lines.flat_map(|line| cut_into_lines(&line, columns)).collect()
}

fn cut_into_lines(line: &str, columns: usize) -> Vec<String> {
    let characters: Vec<char> = line.chars().collect();
    let mut lines: Vec<String> = characters.chunks(columns).map(String::from_iter).collect();
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

fn wrap_line(line: &str, columns: usize) -> Vec<String> {
    let words = line.trim_start_matches(' ');
    let mut lines = vec![line[..line.len() - words.len()].to_owned()];
    let mut line_is_empty = true;
    for word in unbroken(words, columns) {
        let line = lines.last_mut().expect("there is always a line");
        if !line_is_empty && width(line) + 1 + width(word) > columns {
            lines.push(word.to_owned());
            continue;
        }
        if !line_is_empty {
            line.push(' ');
        }
        line.push_str(word);
        line_is_empty = false;
    }
    lines
}

/// The parts of `line` between which it may be cut: words, code in backticks, and a command of cargo
/// after a colon or in parentheses. One space is between two parts. A part that is wider than `columns`
/// and has spaces is no part, because it does not fit anyway.
pub fn unbroken(line: &str, columns: usize) -> Vec<&str> {
    let mut parts: Vec<&str> = Vec::new();
    let mut rest = Some(line);
    while let Some(text) = rest {
        let word = text.find(' ').unwrap_or(text.len());
        let command = end_of_command(text, parts.last().copied());
        let end = command.or_else(|| end_of_code(text, word));
        let end = end.filter(|end| width(&text[..*end]) <= columns).unwrap_or(word);
        parts.push(&text[..end]);
        rest = text.get(end + 1..);
    }
    parts
}

/// Where the command ends that `text` begins with. A command is the rest of a line or of parentheses.
fn end_of_command(text: &str, before: Option<&str>) -> Option<usize> {
    let is_introduced = before.is_some_and(|before| before.ends_with([':', '?']));
    if is_introduced && text.starts_with("cargo ") {
        return Some(text.find("  ").unwrap_or(text.len()));
    }
    let end = text.starts_with("(cargo ").then(|| text.find(')'))??;
    Some(end_of_word(text, end))
}

/// Where the word ends that closes the backticks which the first word opens.
fn end_of_code(text: &str, first_word: usize) -> Option<usize> {
    let is_open = text[..first_word].matches('`').count() % 2 == 1;
    let close = is_open.then(|| text[first_word..].find('`'))??;
    Some(end_of_word(text, first_word + close))
}

/// Where the word ends that has the byte `index`.
fn end_of_word(text: &str, index: usize) -> usize {
    text[index..].find(' ').map_or(text.len(), |space| index + space)
}

/// `text` in lines that fit into [`WIDTH`], each but the first after `indent` spaces: for text that
/// continues a line which is already `indent` columns wide.
pub fn wrap(text: &str, indent: usize) -> String {
    wrap_to(text, indent, WIDTH)
}

/// The same for lines of `columns`.
pub fn wrap_to(text: &str, indent: usize, columns: usize) -> String {
    // Spaces in a line count: a failure may quote a text with several.
    let text: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let lines = wrap_lines(&text.join(" "), columns.saturating_sub(indent));
    lines.join(&format!("\n{}", " ".repeat(indent)))
}
