//! Texts of a ledger that paint nothing on a terminal and hide nothing in a table.
//!
//! A submission chooses its file names, what its program prints, and what its compiler quotes. Every
//! text is made harmless once, when the ledger is read. HTML, XML and CSV then have escapes of their
//! own.

use ledger::{Entry, Student};
use serde_json::Value;
use terminal::harmless;
use terminal::untrusted::numbered;

/// `entry` with control characters, and those that turn the direction of writing, shown by their
/// numbers. What identifies the student is one line.
pub fn entry(entry: &Entry) -> Entry {
    let mut value = serde_json::to_value(entry).expect("a ledger has been read from JSON");
    walk(&mut value, &harmless);
    for field in ["student", "submission"] {
        walk(&mut value[field], &one_line);
    }
    serde_json::from_value(value).expect("texts are still texts")
}

/// `student` in the same way, with each text in one line.
pub fn student(student: &Student) -> Student {
    Student {
        id: one_line(&student.id),
        name: student.name.as_deref().map(one_line),
        email: student.email.as_deref().map(one_line),
    }
}

/// `text` in one line.
pub fn one_line(text: &str) -> String {
    let is_space = |character| matches!(character, '\n' | '\t');
    let shown = |character| match is_space(character) {
        true => numbered(character),
        false => character.to_string(),
    };
    harmless(text).chars().map(shown).collect()
}

fn walk(value: &mut Value, change: &dyn Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = change(text),
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, change)),
        Value::Object(fields) => fields.values_mut().for_each(|field| walk(field, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => (),
    }
}
