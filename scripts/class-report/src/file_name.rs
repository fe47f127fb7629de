//! Names of files for students. An id comes from a file name or a roster, and may be anything.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// Most characters of an id in a name.
const LONGEST: usize = 60;

/// Names that Windows gives to devices.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A name for each of `ids`. No two differ only in letters' case, which some file systems ignore.
pub fn of_all<'a>(ids: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for id in ids.clone() {
        *counts.entry(plain(id).to_lowercase()).or_default() += 1;
    }
    ids.map(|id| name(id, counts[&plain(id).to_lowercase()] == 1)).collect()
}

fn name(id: &str, is_unique: bool) -> String {
    let plain = plain(id);
    let is_device = DEVICES.contains(&plain.to_lowercase().as_str());
    if is_unique && plain == id && !is_device {
        return plain;
    }
    let digest = Sha256::digest(id);
    let digits: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{plain}-{digits}")
}

/// `id` with letters, digits and a few signs only, so that it is no path and no option.
fn plain(id: &str) -> String {
    let is_kept = |character: char| character.is_ascii_alphanumeric() || "_-.".contains(character);
    let kept = id.chars().map(|character| if is_kept(character) { character } else { '-' });
    let kept: String = kept.take(LONGEST).collect();
    let kept = kept.trim_matches(['-', '.']);
    if kept.is_empty() { "student".to_owned() } else { kept.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_no_path_and_names_differ() {
        let ids = ["anna", "Anna", "../../etc/passwd", "=cmd", "con", "", "a b", "a-b"];
        let names = of_all(ids.into_iter());
        for (index, name) in names.iter().enumerate() {
            assert!(!name.contains('/') && !name.starts_with(['.', '-', '=']), "{name}");
            let lower = name.to_lowercase();
            assert!(!names[..index].iter().any(|other| other.to_lowercase() == lower), "{name}");
        }
        assert_eq!(of_all(["anna", "b.c_d-1"].into_iter()), ["anna", "b.c_d-1"]);
    }
}
