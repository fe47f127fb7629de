//! Text in HTML.

use terminal::harmless;

/// `text` as HTML shows it, without characters that could hide or turn other text.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in harmless(text).chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}
