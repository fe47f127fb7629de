//! Text for terminals, for the test kit and the runner alike.
//!
//! | module | for |
//! | --- | --- |
//! | [`style`] | colour or not, Unicode or a stand-in for each sign beyond ASCII |
//! | [`layout`] | lines that fit: wrapping and padding |
//! | [`count`] | `1 byte`, `2,048 bytes`, `71.3` |
//! | [`untrusted`] | text of a program, without what could paint on the reader's terminal |
//!
//! All texts are written in Unicode. What the terminal cannot show is replaced at the very end, by
//! [`Style::shown`].

pub mod count;
pub mod layout;
pub mod style;
pub mod untrusted;

pub use count::{count_of, rounded, thousands};
pub use layout::{WIDTH, pad, unbroken, width, wrap, wrap_all, wrap_lines, wrap_to};
pub use style::{ColorChoice, Style, to_ascii};
pub use untrusted::{harmless, shorten};
