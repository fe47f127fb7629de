//! HTML pages that need no network, for all programs of `cargo lab`.
//!
//! Whatever a program or a student wrote is untrusted. [`escape`] is the only way of text into HTML
//! and SVG, and the policy of each [`Page`] allows only the style and the script that we wrote.

mod escape;
mod page;

pub use escape::{escape, with_code};
pub use page::{Page, scrolling};
