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

/// `text` in lines of at most `columns` characters, cut between words. Its own lines stay lines,
/// and keep the spaces that they begin with.
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
    for word in words.split(' ') {
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

/// `text` in lines that fit into [`WIDTH`], each but the first after `indent` spaces: for text that
/// continues a line which is already `indent` columns wide.
pub fn wrap(text: &str, indent: usize) -> String {
    wrap_to(text, indent, WIDTH)
}

/// The same for lines of `columns`.
pub fn wrap_to(text: &str, indent: usize, columns: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let lines = wrap_lines(&words.join(" "), columns.saturating_sub(indent));
    lines.join(&format!("\n{}", " ".repeat(indent)))
}
