//! One run of a lab's tests: what was judged, and what was found.

use std::collections::BTreeMap;

use super::clippy::Lints;
use crate::judge::TestResult;

/// One run of a lab's tests.
#[derive(Debug)]
pub struct Run {
    /// A fingerprint of each file of the lab's `src`.
    pub files: BTreeMap<String, String>,
    /// What the tests found.
    pub results: Vec<TestResult>,
    /// What clippy found.
    pub lints: Lints,
}
