//! What the failure of a test must report, so that it has caught a mistake for the right reason.

use lab::judge::TestResult;
use report::Failure;
use terminal::Style;

/// A part of a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The ids of its message and of its advice.
    Ids { message: Option<String>, advice: Option<String> },
    /// Some words of its text. Patches of this kind break when prose is edited.
    Says(String),
}

impl Evidence {
    /// No evidence: any failure will do.
    pub const NONE: Evidence = Evidence::Ids { message: None, advice: None };

    /// Reads the header lines after `caught-by`.
    pub fn parse<'text>(lines: impl Iterator<Item = &'text str>) -> Result<Evidence, String> {
        let lines: Vec<&str> = lines.collect();
        let find = |key: &str| lines.iter().find_map(|line| value_of(line, key));
        if let Some(words) = find("says") {
            return Ok(Evidence::Says(words));
        }
        let (message, advice) = (find("message"), find("advice"));
        if let Some(wrong) = [&message, &advice].into_iter().flatten().find(|id| !is_id(id)) {
            return Err(format!("`{wrong}` is no id: small letters, digits and hyphens"));
        }
        Ok(Evidence::Ids { message, advice })
    }

    /// The header lines that `parse` reads.
    pub fn header(&self) -> Vec<String> {
        match self {
            Evidence::Says(words) => vec![format!("# says: {words}")],
            Evidence::Ids { message, advice } => {
                let message = message.iter().map(|id| format!("# message: {id}"));
                message.chain(advice.iter().map(|id| format!("# advice: {id}"))).collect()
            }
        }
    }

    /// What of it the failed test did not report.
    pub fn missing_in(&self, result: &TestResult) -> Option<String> {
        let (message, advice) = match self {
            Evidence::Says(words) => {
                let is_said = is_in(words, &result.render(&Style::PLAIN));
                return (!is_said).then(|| format!("`{words}`"));
            }
            Evidence::Ids { message, advice } => (message, advice),
        };
        let found = result.failure();
        let found_message = found.map(message_id);
        let found_advice = found.and_then(advice_id);
        if let Some(id) = message.as_deref().filter(|id| found_message != Some(*id)) {
            return Some(format!("the message `{id}`, but {found_message:?}"));
        }
        let id = advice.as_deref().filter(|id| found_advice != Some(*id))?;
        Some(format!("the advice `{id}`, but {found_advice:?}"))
    }

    /// The ids that prove the same as this evidence, from a failure that it agrees with.
    ///
    /// The message's id is left out if these words are not of the message: a race may then end in
    /// another message.
    pub fn reported_by(result: &TestResult, evidence: &Evidence) -> Option<Evidence> {
        let failure = result.failure().filter(|_| evidence.missing_in(result).is_none())?;
        let advice = advice_id(failure).map(str::to_owned);
        let is_of_message = match evidence {
            Evidence::Says(words) => is_in(words, &failure.message.text),
            Evidence::Ids { message, .. } => message.is_some(),
        };
        let keeps_message = is_of_message || advice.is_none();
        let message = keeps_message.then(|| message_id(failure).to_owned());
        Some(Evidence::Ids { message, advice })
    }
}

/// The value of a header line `# key: value`.
pub fn value_of(line: &str, key: &str) -> Option<String> {
    let value = line.strip_prefix("# ")?.strip_prefix(key)?.strip_prefix(": ")?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

fn message_id(failure: &Failure) -> &str {
    &failure.message.id
}

fn advice_id(failure: &Failure) -> Option<&str> {
    failure.advice.as_ref().map(|advice| advice.id.as_str())
}

/// Whether `text` may be the id of a message or of an advice.
pub fn is_id(text: &str) -> bool {
    let is_part =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    text.chars().all(is_part)
}

/// Whether `text` holds `words`, wherever its lines are broken.
fn is_in(words: &str, text: &str) -> bool {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    flat(text).contains(&flat(words))
}
