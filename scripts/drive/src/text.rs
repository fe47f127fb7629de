//! Bytes as the user types them, `"hello\n"`, and as a Rust test has them, `b"hello\n"`.

/// Takes quoted texts apart: `"he" "llo\n"`.
///
/// # Errors
///
/// What is wrong with them, as the end of a sentence.
pub fn parse_texts(text: &str) -> Result<Vec<Vec<u8>>, String> {
    let mut texts = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let inner = rest.strip_prefix('"').ok_or("a text stands in double quotes: \"hello\\n\"")?;
        let (bytes, after) = parse_quoted(inner)?;
        texts.push(bytes);
        rest = after.trim_start();
    }
    Ok(texts)
}

/// The bytes up to the closing quote, and what stands behind it.
fn parse_quoted(text: &str) -> Result<(Vec<u8>, &str), String> {
    let mut bytes = Vec::new();
    let mut rest = text;
    loop {
        let mut characters = rest.chars();
        match characters.next() {
            None => return Err("the closing quote is missing".to_owned()),
            Some('"') => return Ok((bytes, characters.as_str())),
            Some('\\') => rest = unescape(characters.as_str(), &mut bytes)?,
            Some(other) => {
                bytes.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes());
                rest = characters.as_str();
            }
        }
    }
}

/// Adds the byte that an escape stands for, and returns what stands behind the escape.
fn unescape<'a>(text: &'a str, bytes: &mut Vec<u8>) -> Result<&'a str, String> {
    let mut characters = text.chars();
    let byte = match characters.next() {
        Some('n') => b'\n',
        Some('r') => b'\r',
        Some('t') => b'\t',
        Some('0') => 0,
        Some('\\') => b'\\',
        Some('"') => b'"',
        Some('x') => {
            let digits = text.get(1..3).ok_or("\\x needs two hex digits")?;
            let byte = u8::from_str_radix(digits, 16);
            bytes.push(byte.map_err(|_| "\\x needs two hex digits")?);
            return Ok(&text[3..]);
        }
        other => {
            let shown = other.map(String::from).unwrap_or_default();
            return Err(format!(
                "there is no escape \\{shown}; use \\n \\r \\t \\0 \\\\ \\\" \\x00"
            ));
        }
    };
    bytes.push(byte);
    Ok(characters.as_str())
}

/// `bytes` as a Rust byte string: `b"hello\n"`.
pub fn byte_string(bytes: &[u8]) -> String {
    let escaped: String = bytes.iter().map(|byte| byte.escape_ascii().to_string()).collect();
    format!("b\"{}\"", escaped.replace("\\'", "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_with_escapes_are_bytes() {
        let texts = parse_texts(r#""he" "l\x00\xff\n\"\\ü""#).expect("valid");
        assert_eq!(texts, [b"he".to_vec(), b"l\x00\xff\n\"\\\xc3\xbc".to_vec()]);
        assert_eq!(parse_texts("").expect("valid"), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn what_is_wrong_with_a_text_is_said() {
        let wrong = [
            ("hello", "double quotes"),
            ("\"hello", "closing quote"),
            (r#""\q""#, "no escape \\q"),
            (r#""\x1""#, "two hex digits"),
            (r#""\xäö""#, "two hex digits"),
            (r#""\"#, "no escape \\"),
        ];
        for (text, why) in wrong {
            let error = parse_texts(text).expect_err(text);
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn a_byte_string_is_rust() {
        assert_eq!(byte_string(b"it's\n\"\\\x00\xff"), r#"b"it's\n\"\\\x00\xff""#);
    }
}
