//! The tokens of a source file, without the choices that a copy may change: names, literals, comments,
//! layout and attributes.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem;
use std::ops::Range;
use std::str::FromStr;

use proc_macro2::{Delimiter, Group, Literal, Span, TokenStream, TokenTree, token_stream};

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Equal for tokens that count as equal.
    pub code: u64,
    /// Where it is in the file, in bytes.
    pub place: Range<usize>,
}

/// The keywords. Any other word is a name.
const KEYWORDS: [&str; 34] = [
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern",
    "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "type", "use", "where", "while",
];

/// The tokens of `source`. `None`: it is no Rust, for example because a bracket is missing.
pub fn tokens(source: &str) -> Option<Vec<Token>> {
    let stream = TokenStream::from_str(source).ok()?;
    let mut tokens = Vec::new();
    // A submission may nest brackets as deeply as it likes, so no function calls itself here.
    let mut open: Vec<(token_stream::IntoIter, Option<Group>)> = vec![(stream.into_iter(), None)];
    let mut is_attribute = false;
    while let Some((stream, _)) = open.last_mut() {
        let next = stream.next();
        // Elsewhere, as in a macro, a `#` has no brackets after it.
        let was_attribute = mem::take(&mut is_attribute);
        match next {
            Some(TokenTree::Group(group))
                if was_attribute && group.delimiter() == Delimiter::Bracket => {}
            Some(TokenTree::Group(group)) => {
                tokens.push(token(bracket(group.delimiter(), "open"), group.span_open()));
                open.push((group.stream().into_iter(), Some(group)));
            }
            Some(TokenTree::Punct(sign)) if sign.as_char() == '#' => is_attribute = true,
            // `#![…]` is an attribute, too.
            Some(TokenTree::Punct(sign)) if was_attribute && sign.as_char() == '!' => {
                is_attribute = true;
            }
            Some(TokenTree::Punct(sign)) => tokens.push(token(sign.as_char(), sign.span())),
            Some(TokenTree::Ident(name)) => {
                tokens.push(token(word(&name.to_string()), name.span()))
            }
            Some(TokenTree::Literal(literal)) => tokens.push(token(kind(&literal), literal.span())),
            None => {
                let closed = open.pop().and_then(|(_, group)| group);
                tokens.extend(
                    closed.map(|group| {
                        token(bracket(group.delimiter(), "close"), group.span_close())
                    }),
                );
            }
        }
    }
    Some(tokens)
}

fn token(code: impl Hash, span: Span) -> Token {
    Token { code: hash(code), place: span.byte_range() }
}

/// A keyword, or the same word for every name.
fn word(name: &str) -> &str {
    KEYWORDS.iter().find(|keyword| **keyword == name).copied().unwrap_or("a name")
}

/// A literal's kind: the same for all numbers, and for all texts.
fn kind(literal: &Literal) -> &'static str {
    let is_number = literal.to_string().starts_with(|first: char| first.is_ascii_digit());
    if is_number { "a number" } else { "a text" }
}

fn bracket(delimiter: Delimiter, side: &str) -> (char, &str) {
    let sign = match delimiter {
        Delimiter::Parenthesis => '(',
        Delimiter::Brace => '{',
        Delimiter::Bracket => '[',
        Delimiter::None => ' ',
    };
    (sign, side)
}

/// The same in each run.
pub fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
