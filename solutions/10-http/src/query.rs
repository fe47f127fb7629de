//! Step stream: the query of a target, `a=1&b=x+y%26z`.

use crate::given::errors::MessageError;
use crate::path::percent_decode;

/// Parses a query into names and values, in their order.
///
/// # Contract
///
/// * `&` divides pairs, and the first `=` divides name and value. A pair without `=` has an empty
///   value. Empty pairs are left out.
/// * `+` is a space. Then names and values are percent-decoded, each once and after the split.
///   Bytes that are not UTF-8 become U+FFFD.
///
/// # Errors
///
/// Those of `percent_decode`.
pub fn parse_query(query: &str) -> Result<Vec<(String, String)>, MessageError> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let parse = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Ok((decode(name)?, decode(value)?))
    };
    pairs.map(parse).collect()
}

fn decode(text: &str) -> Result<String, MessageError> {
    let bytes = percent_decode(&text.replace('+', " "))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
