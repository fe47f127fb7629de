//! Step token: a comparison of secrets that does not reveal them.
//!
//! ```text
//!   C: TOKEN t \n     S: OK \n                        t is one of the server's tokens
//!                     S: ERROR not authorised \n      any other line; the connection ends
//! ```

use subtle::{Choice, ConstantTimeEq};

/// Whether `line`, a client's first, is `TOKEN t` with `t` among the comma-separated `tokens`.
///
/// # Contract
///
/// * Only a whole token counts. Spaces around a token in the list do not belong to it, and an
///   empty one is no token. A token may hold spaces inside.
/// * `TOKEN` has capital letters, and one space comes before the token.
/// * It compares bytes. The line need not be text.
/// * The time of the comparison does not show how much of a token was right, nor which token it
///   was. No test measures that time, because the noise of a machine hides the nanoseconds. A
///   reviewer looks for `ct_eq`.
pub fn is_authorised(line: &[u8], tokens: &str) -> bool {
    let Some(given) = line.strip_prefix(b"TOKEN ") else { return false };
    let mut found = Choice::from(0);
    for token in tokens.split(',').map(str::trim).filter(|token| !token.is_empty()) {
        // `==` stops at the first byte that differs. An attacker that measures its time learns a
        // secret byte by byte. An early return would reveal which token it was. (ct_eq compares
        // the lengths first; they are no secret.)
        found |= token.as_bytes().ct_eq(given);
    }
    found.into()
}
