//! Step stream: the query of a target, `a=1&b=x+y%26z`.

use crate::given::errors::MessageError;

/// Parses a query into names and values, in their order.
///
/// # Contract
///
/// * `&` divides pairs, and the first `=` divides name and value. A pair without `=` has an empty
///   value. Empty pairs are left out.
/// * `+` is a space. Then names and values are percent-decoded, each once and after the split.
///   Bytes that are not UTF-8 become U+FFFD.
///
/// # Steps
///
/// 1. Split at `&`, then at the first `=`.
/// 2. Replace `+`, and call `percent_decode`. In the other order, `%2B` would become a space.
///
/// # Errors
///
/// Those of `percent_decode`.
pub fn parse_query(query: &str) -> Result<Vec<(String, String)>, MessageError> {
    todo!("lab10, step stream: parse_query")
}
