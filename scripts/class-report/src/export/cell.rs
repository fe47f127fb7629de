//! Text in the cell of a table. A spreadsheet runs a cell that begins with one of some signs as a
//! formula (<https://owasp.org/www-community/attacks/CSV_Injection>).

use crate::harmless::one_line;

/// What a formula begins with, also in the wide forms that some spreadsheets take for it.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// What may end a cell, if the spreadsheet splits the line by another sign than the comma.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// `text` as the content of a cell. It is one line and no formula. An apostrophe marks it as text.
pub fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    let mut is_start = true;
    for character in one_line(text).chars() {
        if is_start && FORMULA.contains(&character) {
            cell.push('\'');
        }
        cell.push(character);
        let is_transparent = is_start && (character.is_whitespace() || "\"'".contains(character));
        is_start = SEPARATORS.contains(&character) || is_transparent;
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_formula_is_text() {
        for (text, wanted) in [
            ("Ada Lovelace", "Ada Lovelace"),
            ("O'Hara-Smith, Ben", "O'Hara-Smith, Ben"),
            ("=1+1", "'=1+1"),
            (" @SUM(1)", " '@SUM(1)"),
            ("a;=1+1", "a;'=1+1"),
            ("\"=1\"", "\"'=1\""),
            ("＝1", "'＝1"),
            ("\t=1", "\\u{9}=1"),
            ("\r\n-1", "\\u{d}\\u{a}-1"),
            ("\u{202e}x\u{1b}[31m", "\\u{202e}x\\u{1b}[31m"),
        ] {
            assert_eq!(cell(text), wanted);
        }
    }
}
