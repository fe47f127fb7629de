//! ASCII for terminals that show nothing else.

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
        '─' | '–' | '—' => '-',
        '▶' | '›' | '▸' | '→' => '>',
        '◀' | '←' => '<',
        '▼' => 'v',
        '‘' | '’' => '\'',
        '“' | '”' => '"',
        sign if sign.is_ascii() => sign,
        _ => '?',
    }
}
