//! What the reader's terminal can show.

use std::env;
use std::io::{self, IsTerminal, Write};

use crate::layout::WIDTH;

/// In a narrower terminal, lines continue on the next row.
const NARROWEST: usize = 40;

/// Rows of a drawing that scrolls by.
const ROWS: usize = 36;

/// How text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether text has colours.
    pub color: bool,
    /// Whether text may have signs beyond ASCII.
    pub unicode: bool,
    /// How many columns a line may have.
    pub columns: usize,
    /// How many rows a drawing may have. The middle of a longer one is left out.
    pub rows: usize,
}

/// Whether colours are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// On a terminal, and without `NO_COLOR` (<https://no-color.org>).
    #[default]
    Auto,
    /// Also in a pipe.
    Always,
    /// Not even on a terminal.
    Never,
}

impl ColorChoice {
    /// `always` and `never`; anything else is [`ColorChoice::Auto`].
    pub fn parse(text: &str) -> ColorChoice {
        match text {
            "always" => ColorChoice::Always,
            "never" => ColorChoice::Never,
            _ => ColorChoice::Auto,
        }
    }
}

impl Default for Style {
    /// Plain text in ASCII.
    fn default() -> Style {
        Style { unicode: false, ..Style::PLAIN }
    }
}

impl Style {
    /// Plain text in Unicode, for files and for JSON.
    pub const PLAIN: Style = Style { color: false, unicode: true, columns: WIDTH, rows: ROWS };

    /// For text on our stdout.
    pub fn of_stdout(choice: ColorChoice) -> Style {
        let color = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => io::stdout().is_terminal() && colors_are_welcome(),
        };
        let columns = columns_of_stdout().map_or(WIDTH, |columns| columns.clamp(NARROWEST, WIDTH));
        Style { color, unicode: locale_is_unicode(), columns, rows: ROWS }
    }

    /// A heading, or a command to type.
    pub fn bold(&self, text: &str) -> String {
        self.paint("1", text)
    }

    /// What can be passed over.
    pub fn dim(&self, text: &str) -> String {
        self.paint("2", text)
    }

    /// What went well.
    pub fn good(&self, text: &str) -> String {
        self.paint("32", text)
    }

    /// What went wrong.
    pub fn bad(&self, text: &str) -> String {
        self.paint("31", text)
    }

    /// A failure's heading, and the place where it went wrong.
    pub fn bold_bad(&self, text: &str) -> String {
        self.paint("1;31", text)
    }

    /// For work that is not done yet.
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

    /// `text` as this terminal can show it. The escapes that colour it are ASCII and stay.
    pub fn shown(&self, text: &str) -> String {
        if self.unicode { text.to_owned() } else { to_ascii(text) }
    }

    /// Writes `page` to stdout.
    ///
    /// # Errors
    ///
    /// Stdout does not take it, for example because a disk is full. A reader that stops early, as
    /// `head` does, is no error.
    pub fn write(&self, page: &str) -> io::Result<()> {
        let page = self.shown(page);
        let written = io::stdout().write_all(page.as_bytes()).and_then(|()| io::stdout().flush());
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            _ => Ok(()),
        }
    }

    /// The same for a page that is not the result of a command, where an error changes nothing.
    pub fn print(&self, page: &str) {
        let _ = self.write(page);
    }
}

/// The width of the terminal. `None` if stdout is no terminal, or one that does not know its width.
#[cfg(unix)]
fn columns_of_stdout() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

/// std does not tell the width of a console, and those of Windows have 120 columns.
#[cfg(not(unix))]
fn columns_of_stdout() -> Option<usize> {
    None
}

fn colors_are_welcome() -> bool {
    let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let is_dumb = env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    !no_color && !is_dumb
}

/// The locale's character set, as POSIX finds it: the first of three variables that is set.
fn locale_is_unicode() -> bool {
    let set = |name: &&str| env::var(name).ok().filter(|value| !value.is_empty());
    match ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(set) {
        Some(locale) => locale.to_ascii_lowercase().replace('-', "").contains("utf8"),
        // The terminals of macOS show UTF-8 also where no locale is set, as in an editor's. Windows
        // has no such variables, and std hands its console Unicode.
        None => cfg!(any(target_os = "macos", windows)),
    }
}

/// `text` in ASCII: a stand-in for each sign that we use, `?` for any other character.
///
/// Each sign becomes one character, and so keeps its column; only `…` becomes three.
pub fn to_ascii(text: &str) -> String {
    let mut ascii = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '…' => ascii.push_str("..."),
            sign => ascii.push(stand_in(sign)),
        }
    }
    ascii
}

fn stand_in(sign: char) -> char {
    match sign {
        '✓' | '●' => '+',
        '✗' => 'X',
        '○' => '.',
        '·' => '*',
        '│' | '┆' => '|',
        '─' | '–' | '—' | '−' => '-',
        'µ' => 'u',
        '▶' | '›' | '▸' | '→' => '>',
        '◀' | '←' => '<',
        '▼' => 'v',
        '×' => 'x',
        '‘' | '’' => '\'',
        '“' | '”' => '"',
        sign if sign.is_ascii() => sign,
        _ => '?',
    }
}
