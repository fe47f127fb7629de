//! Text that a program wrote. It may try to paint on the reader's terminal.

/// Most characters of a text that may quote a program before its middle is cut out.
const READABLE: usize = 600;

/// `text` with control characters, and those that turn the direction of writing, shown by their
/// numbers: `\u{1b}`.
pub fn harmless(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\n' | '\t' => character.to_string(),
            character if is_harmful(character) => numbered(character),
            character => character.to_string(),
        })
        .collect()
}

/// `text`, cut in the middle if it is too long to be read.
pub fn shorten(text: &str) -> String {
    let len = text.chars().count();
    if len <= READABLE {
        return text.to_owned();
    }
    let head: String = text.chars().take(READABLE * 3 / 4).collect();
    let tail: String = text.chars().skip(len - READABLE / 4).collect();
    format!("{head}…{tail}")
}

/// Whether a terminal does something else with it than showing a sign: control characters, those
/// without a width, and those that turn the direction of what follows (Unicode Standard Annex #9).
pub fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// `\u{202e}`.
pub fn numbered(character: char) -> String {
    format!("\\u{{{:x}}}", u32::from(character))
}
