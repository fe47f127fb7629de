//! A submission as this program compares it.

use std::collections::HashSet;

use crate::fingerprints::{Base, hashes, winnow};
use crate::tokens::{Token, tokens};

/// The files of one student.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The student.
    pub name: String,
    /// In the order of the lab.
    pub files: Vec<SourceFile>,
    /// The fingerprints beyond the base.
    pub fingerprints: HashSet<u64>,
    /// Files that are no Rust, for example because they do not compile.
    pub unreadable: Vec<String>,
}

/// A file and its tokens.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// `echo.rs`
    pub name: String,
    /// Its text.
    pub text: String,
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// The hash at each token. `None` where the stub has the same.
    pub hashes: Vec<Option<u64>>,
}

impl Answer {
    /// Reads `files`, each with its name and its text.
    pub fn new(name: &str, files: Vec<(String, String)>, base: &Base) -> Answer {
        let mut answer = Answer {
            name: name.to_owned(),
            files: Vec::new(),
            fingerprints: HashSet::new(),
            unreadable: Vec::new(),
        };
        for (name, text) in files {
            match SourceFile::new(&name, text, base) {
                Some(file) => answer.files.push(file),
                None => answer.unreadable.push(name),
            }
        }
        let own = answer.files.iter().flat_map(|file| winnow(&file.hashes));
        answer.fingerprints = own.collect();
        answer
    }
}

impl SourceFile {
    fn new(name: &str, text: String, base: &Base) -> Option<SourceFile> {
        let tokens = tokens(&text)?;
        let hashes = hashes(&tokens, base);
        Some(SourceFile { name: name.to_owned(), text, tokens, hashes })
    }
}
