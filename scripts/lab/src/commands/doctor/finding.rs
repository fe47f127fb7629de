//! What one probe found.

use serde::Serialize;

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub struct Finding {
    pub need: Need,
    pub name: String,
    pub ok: bool,
    /// What is there, or what is not.
    pub found: String,
    /// What to do when it is not ok.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

/// What it is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    Required,
    /// Some tests are skipped, or check less, without it.
    Useful,
    /// For trying servers and clients by hand.
    ByHand,
    /// For instructors, who run untrusted programs.
    Grading,
}

impl Need {
    /// What was `found` (or is missing) of the thing called `name`, and what to do if it is missing.
    pub fn finding(self, name: &str, found: Result<String, String>, advice: &str) -> Finding {
        let ok = found.is_ok();
        let advice = (!ok).then(|| advice.to_owned());
        let found = found.unwrap_or_else(|missing| missing);
        Finding { need: self, name: name.to_owned(), ok, found, advice }
    }
}
