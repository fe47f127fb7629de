//! A text without its mentions of labs that stay behind, where they can be left out:
//!
//! | text | for students |
//! | --- | --- |
//! | `ready (lab 09).` | `ready.` |
//! | `*RFC 950. Lab 08.*` | `*RFC 950.*` |
//! | `*Lab 02.*` | |
//! | `Labs 04, 08 and 11` | `Lab 04` |
//!
//! Every other mention stays, and a test fails. Write it in one of these forms.

use lab::output::list_in_words;

/// The text before and after a mention that is left out, and the text that replaces both.
const FORMS: [(&str, &str, &str); 3] = [("(", ")", ""), ("*", ".*", ""), ("", ".*", "*")];

/// `Labs 04 and 08`, in the text before and after it.
struct Mention<'text> {
    before: &'text str,
    text: &'text str,
    labs: Vec<&'text str>,
    after: &'text str,
}

/// `text` for students. `has` tells whether the handout has the lab with this number.
pub fn for_students(text: &str, has: impl Fn(&str) -> bool) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some(Mention { before, text, mut labs, after }) = next_mention(rest) {
        kept.push_str(before);
        rest = after;
        let all = labs.len();
        labs.retain(|lab| has(lab));
        if labs.is_empty() {
            match without_mention(&mut kept, after) {
                Some(after) => rest = after,
                None => kept.push_str(text),
            }
        } else if labs.len() < all {
            kept.push_str(&shortened(text, &labs));
        } else {
            kept.push_str(text);
        }
    }
    kept + rest
}

/// If the mention between `before` and `after` can be left out, changes `before`, and returns the
/// rest of `after`.
fn without_mention<'text>(before: &mut String, after: &'text str) -> Option<&'text str> {
    let fits =
        |(open, close, _): &&(&str, &str, &str)| before.ends_with(open) && after.starts_with(close);
    let (open, close, instead) = FORMS.iter().find(fits)?;
    before.truncate(before.len() - open.len());
    before.truncate(before.trim_end().len());
    before.push_str(instead);
    after.strip_prefix(close)
}

/// The mention `text` with these `labs` only.
fn shortened(text: &str, labs: &[&str]) -> String {
    let word = &text[.."lab".len()];
    let plural = if labs.len() > 1 { "s" } else { "" };
    format!("{word}{plural} {}", list_in_words(labs))
}

fn next_mention(text: &str) -> Option<Mention<'_>> {
    text.match_indices(['l', 'L']).find_map(|(start, _)| mention_at(text, start))
}

fn mention_at(text: &str, start: usize) -> Option<Mention<'_>> {
    let words = ["labs", "Labs", "lab", "Lab"];
    let word = words.into_iter().find(|word| text[start..].starts_with(word))?;
    let rest = text[start + word.len()..].strip_prefix([' ', '\n'])?;
    let (first, mut after) = number(rest.trim_start())?;
    let mut labs = vec![first];
    while word.ends_with('s')
        && let Some((lab, rest)) = next_in_list(after)
    {
        labs.push(lab);
        after = rest;
    }
    let end = text.len() - after.len();
    Some(Mention { before: &text[..start], text: &text[start..end], labs, after })
}

/// The number after a comma or an "and".
fn next_in_list(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix(',').or_else(|| text.trim_start().strip_prefix("and"))?;
    number(rest.trim_start())
}

/// The two digits at the start of `text`, and the rest.
fn number(text: &str) -> Option<(&str, &str)> {
    let (number, rest) = text.split_at_checked(2)?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then_some((number, rest))
}
