//! Step token: a secret that is compared without being told.
//!
//! ```text
//!   C: TOKEN t \n     S: OK \n                        t is one of the server's tokens
//!                     S: ERROR not authorised \n      anything else: and the end
//! ```

/// Whether `line`, a client's first, is `TOKEN t` with `t` among the comma-separated `tokens`.
///
/// # Contract
///
/// * Only a whole token counts; spaces around those in the list do not, and an empty one is none.
/// * The time it takes says nothing about how much of a token was right, nor which it was.
///
/// # Steps
///
/// 1. What comes after `TOKEN ` is what was given.
/// 2. Compare it with every token, with `subtle::ConstantTimeEq`, and stop at none.
pub fn is_authorised(line: &[u8], tokens: &str) -> bool {
    todo!("lab05, step token: is_authorised")
}
