//! A copy with some of the labs does not mention the other labs.

use std::path::Path;

use crate::copy::{copy, texts};

/// The numbers of the labs that `text` mentions: `lab 01`, `Labs 01, 02 and\n/// 03`, `labs/04-`.
fn mentioned(text: &str) -> Vec<String> {
    let is_sign = |word: &&str| ["//", "///", "//!", "#", "and", "or", "to"].contains(word);
    let words: Vec<&str> = text.split_whitespace().filter(|word| !is_sign(word)).collect();
    let mut labs = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let name = word.trim_start_matches(|sign: char| !sign.is_alphanumeric());
        let after = &words[index + 1..];
        match name {
            "lab" | "Lab" => labs.extend(after.first().and_then(|word| number(word))),
            "labs" | "Labs" => labs.extend(after.iter().map_while(|word| number(word))),
            _ => (),
        }
        let folders = word.split("labs/").skip(1).filter_map(|folder| folder.split_once('-'));
        labs.extend(folders.filter_map(|(lab, _)| number(lab)));
    }
    labs
}

/// The two digits at the start of `word`, if it is no longer number.
fn number(word: &str) -> Option<String> {
    let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
    (digits.len() == 2).then_some(digits)
}

/// Pages name the folder of lab 01 as an example, and the comments and tests of the tools also its
/// number. No lab has the number 99.
fn without_the_example(path: &Path, text: &str) -> String {
    let text = text.replace("labs/01-echo", "").replace("labs/99-mine", "");
    if path.starts_with("scripts") { text.replace("ab 01", "") } else { text }
}

fn assert_mentions_only(labs: &[&str]) {
    let (_place, folder) = copy(&["--labs", &labs.join(",")]);
    let mut absent = Vec::new();
    for (path, text) in texts(&folder, &["md", "toml", "rs"]) {
        let path = path.strip_prefix(&folder).expect("it is in the copy");
        let mentioned = mentioned(&without_the_example(path, &text)).into_iter();
        let mentioned = mentioned.filter(|lab| !labs.contains(&lab.as_str()));
        absent.extend(mentioned.map(|lab| format!("{} mentions lab {lab}", path.display())));
    }
    assert!(absent.is_empty(), "{}", absent.join("\n"));
}

#[test]
fn mentions_are_found_in_lists_and_over_the_end_of_a_line() {
    let text =
        "//! (lab\n//! 01), Labs 02, 03 and 04, labs 05\n# to 06, labs/07-mine, labs/08, lab 100";
    assert_eq!(mentioned(text), ["01", "02", "03", "04", "05", "06", "07"]);
}

#[test]
fn a_copy_with_the_first_lab_mentions_no_other() {
    assert_mentions_only(&["01"]);
}

#[test]
fn a_copy_without_the_labs_between_its_own_mentions_no_other() {
    assert_mentions_only(&["03", "05"]);
    assert_mentions_only(&["02", "04", "06", "08", "10"]);
    assert_mentions_only(&["07", "09", "11"]);
}

#[test]
fn a_copy_with_the_first_labs_mentions_no_later_one() {
    assert_mentions_only(&["01", "02", "03", "04", "05", "06", "07"]);
}
