//! The terminal: colour, symbols, and lines that fit.
//!
//! All other files write Unicode and ask this one for colour; what the terminal cannot show is
//! replaced at the very end, in [`Screen::print`].

use std::env;
use std::io::{self, IsTerminal, Write};

/// No line that we compose is wider than this.
pub const WIDTH: usize = 100;

/// What the reader's terminal can show.
#[derive(Clone, Copy, Debug, Default)]
pub struct Screen {
    pub color: bool,
    pub unicode: bool,
}

impl Screen {
    /// Colour only on a terminal and without `NO_COLOR` (<https://no-color.org>); symbols only
    /// where the locale says UTF-8.
    pub fn of_stdout() -> Screen {
        let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        Screen { color: io::stdout().is_terminal() && !no_color && !dumb, unicode: is_utf8() }
    }

    pub fn bold(&self, text: &str) -> String {
        self.paint("1", text)
    }

    pub fn dim(&self, text: &str) -> String {
        self.paint("2", text)
    }

    pub fn good(&self, text: &str) -> String {
        self.paint("32", text)
    }

    pub fn bad(&self, text: &str) -> String {
        self.paint("31", text)
    }

    pub fn careful(&self, text: &str) -> String {
        self.paint("33", text)
    }

    /// `✓` or `✗`.
    pub fn mark(&self, well: bool) -> String {
        if well { self.good("✓") } else { self.bad("✗") }
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Writes `page` to stdout.
    pub fn print(&self, page: &str) {
        let page = if self.unicode { page.to_owned() } else { to_ascii(page) };
        // Whoever reads us may stop early, as `head` does: no reason to complain.
        let _ = io::stdout().write_all(page.as_bytes()).and_then(|()| io::stdout().flush());
    }
}

/// The locale's character set, as POSIX finds it: the first of three variables that is set.
fn is_utf8() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
    match locale {
        Some(locale) => locale.to_ascii_lowercase().replace('-', "").contains("utf8"),
        // Windows has no such variables, and its console takes Unicode from us.
        None => cfg!(windows),
    }
}

/// `page` in ASCII: a stand-in for each symbol that we use, `?` for what others wrote.
fn to_ascii(page: &str) -> String {
    let mut ascii = String::with_capacity(page.len());
    for symbol in page.chars() {
        match symbol {
            '✓' | '●' => ascii.push('+'),
            '✗' => ascii.push('x'),
            '○' | '·' => ascii.push('.'),
            '─' | '–' | '—' => ascii.push('-'),
            '›' | '▸' | '→' => ascii.push('>'),
            '…' => ascii.push_str("..."),
            '‘' | '’' => ascii.push('\''),
            '“' | '”' => ascii.push('"'),
            _ if symbol.is_ascii() => ascii.push(symbol),
            _ => ascii.push('?'),
        }
    }
    ascii
}

/// `text` in lines that fit, each after `indent` spaces, the first without them.
///
/// Made for text that continues a line which is already `indent` columns wide.
pub fn wrap(text: &str, indent: usize) -> String {
    let mut wrapped = String::new();
    let mut column = indent;
    for word in text.split_whitespace() {
        let width = word.chars().count();
        if column > indent && column + 1 + width > WIDTH {
            wrapped.push('\n');
            wrapped.push_str(&" ".repeat(indent));
            column = indent;
        } else if column > indent {
            wrapped.push(' ');
            column += 1;
        }
        wrapped.push_str(word);
        column += width;
    }
    wrapped
}

/// `text` and the spaces that make it `width` columns wide.
pub fn pad(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.chars().count());
    format!("{text}{}", " ".repeat(missing))
}

/// `1 test`, `2 tests`.
pub fn count(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_continues_below_its_own_start() {
        let wrapped = wrap(&"word ".repeat(40), 10);
        assert!(
            wrapped.lines().skip(1).all(|line| line.starts_with("          word")),
            "{wrapped}"
        );
        assert!(wrapped.lines().all(|line| line.chars().count() <= WIDTH), "{wrapped}");
    }

    #[test]
    fn a_terminal_without_unicode_gets_ascii_only() {
        assert_eq!(to_ascii("✓ step › é …"), "+ step > ? ...");
    }
}
