//! Step token: a secret that is compared without being told.
//!
//! ```text
//!   C: TOKEN t \n     S: OK \n                        t is one of the server's tokens
//!                     S: ERROR not authorised \n      anything else: and the end
//! ```

use subtle::{Choice, ConstantTimeEq};

/// Whether `line`, a client's first, is `TOKEN t` with `t` among the comma-separated `tokens`.
///
/// # Contract
///
/// * Only a whole token counts; spaces around those in the list do not, and an empty one is none.
/// * The time it takes says nothing about how much of a token was right, nor which it was.
pub fn is_authorised(line: &[u8], tokens: &str) -> bool {
    let Some(given) = line.strip_prefix(b"TOKEN ") else { return false };
    let mut found = Choice::from(0);
    for token in tokens.split(',').map(str::trim).filter(|token| !token.is_empty()) {
        // `==` stops at the first byte that differs: whoever measures it learns a secret byte by
        // byte. And no early return: that would tell which token it was. (A wrong length is
        // seen at once; lengths are no secret.)
        found |= token.as_bytes().ct_eq(given);
    }
    found.into()
}
