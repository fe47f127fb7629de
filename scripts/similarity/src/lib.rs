//! `cargo lab similar`: pairs of submissions that share more than the stub gives.
//!
//! ```text
//!   submissions ──▶ tokens ──▶ fingerprints ──▶ pairs ──▶ regions ──▶ pages
//!   stub, given files ─▶ base, which does not count
//! ```
//!
//! Names and literals are normalised, so that a renamed copy has the same tokens. Fingerprints are
//! chosen by winnowing (Schleimer, Wilkerson and Aiken, 2003): two answers that share
//! [`fingerprints::GUARANTEED`] tokens in a row share a fingerprint. Similarity is a reason to talk, and
//! no verdict.

pub mod answer;
mod command_line;
pub mod fingerprints;
mod overview;
mod pair_page;
pub mod pairs;
pub mod regions;
mod run;
pub mod submissions;
pub mod tokens;

pub use run::{command_line, main};
