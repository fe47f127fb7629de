//! Stub and solution are twins: what a caller sees of them is the same.
//!
//! They have the same files, public items, signatures, contracts, constants and error types. They may
//! differ in bodies, private helpers, the `# Steps` of the documentation, and the headers of modules.
//! Files in `src/given` are copies, byte for byte.

mod items;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use self::items::ApiItem;
use crate::check::Check;
use crate::source;
use lab::course::labs::{GIVEN, Lab};
use lab::error::Error;
use lab::files;
use lab::workspace::Workspace;
use terminal::count_of;

/// Compares the lab's `src` with the solution's, item by item.
pub fn are_alike(workspace: &Workspace, lab: &Lab) -> Result<Check, Error> {
    let solution = lab.solution_path(workspace).join("src");
    let mut problems = compare_files(&lab.src(), &solution);
    problems.extend(differing_copies(&lab.src().join(GIVEN), &solution.join(GIVEN)));
    let (stub, answer) = (api_items(&lab.src())?, api_items(&solution)?);
    for (name, item) in &stub {
        match answer.get(name) {
            None => problems.push(format!("{name}: only in the lab")),
            Some(other) => {
                problems.extend(item.difference(other).map(|what| format!("{name}: {what}")))
            }
        }
    }
    let only_there = answer.keys().filter(|name| !stub.contains_key(*name));
    problems.extend(only_there.map(|name| format!("{name}: only in the solution")));
    let summary =
        format!("{} are the same in lab and solution", count_of(stub.len(), "public item"));
    Ok(Check::new("twins", summary, problems))
}

fn compare_files(lab: &Path, solution: &Path) -> Vec<String> {
    let list = |folder: &Path| -> Vec<String> {
        files::files_under(folder).iter().map(|path| files::relative(path, folder)).collect()
    };
    let (ours, theirs) = (list(lab), list(solution));
    let missing = |from: &[String], in_that: &[String], where_: &str| -> Vec<String> {
        let missing = from.iter().filter(|file| !in_that.contains(file));
        missing.map(|file| format!("src/{file}: only in the {where_}")).collect()
    };
    [missing(&ours, &theirs, "lab"), missing(&theirs, &ours, "solution")].concat()
}

/// Files that both have under these folders, with different contents.
fn differing_copies(lab: &Path, solution: &Path) -> Vec<String> {
    let differs = |path: &PathBuf| {
        let name = files::relative(path, lab);
        let copy = fs::read(solution.join(&name)).ok()?;
        (fs::read(path).ok()? != copy)
            .then(|| format!("src/{GIVEN}/{name}: differs, and should be a copy"))
    };
    files::files_under(lab).iter().filter_map(differs).collect()
}

/// What a caller sees of the files in `src`, each item with its file in front of its name.
fn api_items(src: &Path) -> Result<BTreeMap<String, ApiItem>, Error> {
    let mut parsed = Vec::new();
    for path in files::rust_files(src) {
        let name = files::relative(&path, src);
        if !name.starts_with(GIVEN) {
            parsed.push((format!("src/{name}"), source::read(&path)?));
        }
    }
    let public: Vec<String> =
        parsed.iter().flat_map(|(_, file)| items::public_types(&file.items)).collect();
    let mut api_items = BTreeMap::new();
    for (file, content) in &parsed {
        let found = items::api_items(&content.items, &public);
        api_items.extend(found.into_iter().map(|(name, item)| (format!("{file}, {name}"), item)));
    }
    Ok(api_items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::example;

    const STUB: &str = r#"
        /// Longest.
        pub const MAX: usize = 8;
        /// Why not.
        #[derive(Debug)]
        pub enum Error { /// Too long.
            TooLong(usize) }
        impl std::fmt::Display for Error { fn fmt(&self) { todo!() } }
        /// A reader.
        pub struct Reader { /// How many.
            pub read: usize, hidden: u8 }
        impl Reader {
            /// Reads.
            ///
            /// # Contract
            ///
            /// * all of it
            ///
            /// # Steps
            ///
            /// 1. read
            pub fn read(&self, stream: u8) -> Result<u8, Error> { todo!("lab01, step echo: read") }
        }
    "#;

    const ANSWER: &str = r#"
        //! A header of its own.
        use std::io;
        /// Longest.
        pub const MAX: usize = 8;
        /// Why not.
        #[derive(Debug)]
        pub enum Error { /// Too long.
            TooLong(usize) }
        impl std::fmt::Display for Error { fn fmt(&self) { write() } }
        /// A reader.
        pub struct Reader { /// How many.
            pub read: usize, other: u16, more: u32 }
        impl Reader {
            /// Reads.
            ///
            /// # Contract
            ///
            /// * all of it
            pub fn read(&self, mut stream: u8) -> Result<u8, Error> { helper(stream) }
            fn private(&self) {}
        }
        struct Guard;
        impl Drop for Guard { fn drop(&mut self) {} }
        fn helper(stream: u8) -> Result<u8, Error> { Ok(stream) }
    "#;

    fn problems(stub: &str, answer: &str) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let workspace = Workspace { root: folder.path().to_owned() };
        let lab = Lab { path: folder.path().join("labs/01-echo"), ..example() };
        let solution = folder.path().join("solutions/01-echo/src");
        for (path, text) in [(lab.src(), stub), (solution, answer)] {
            files::write_whole(&path.join("echo.rs"), text.trim().as_bytes()).expect("written");
        }
        are_alike(&workspace, &lab).expect("compared").problems
    }

    #[test]
    fn bodies_helpers_and_steps_may_differ() {
        assert_eq!(problems(STUB, ANSWER), Vec::<String>::new());
    }

    #[test]
    fn every_other_difference_is_a_problem() {
        let changes = [
            ("MAX: usize = 8", "MAX: usize = 9", "src/echo.rs, const MAX"),
            ("* all of it", "* some of it", "src/echo.rs, fn Reader::read"),
            ("TooLong(usize)", "TooLong(u32)", "src/echo.rs, enum Error"),
            ("/// Too long.", "/// Much too long.", "src/echo.rs, enum Error"),
            ("#[derive(Debug)]", "#[derive(Debug, Clone)]", "src/echo.rs, enum Error"),
            ("pub read: usize", "pub read: u64", "src/echo.rs, struct Reader"),
            (
                "-> Result<u8, Error> { helper",
                "-> Result<u16, Error> { helper",
                "src/echo.rs, fn Reader::read",
            ),
            ("pub fn read", "fn read", "src/echo.rs, fn Reader::read"),
            ("fn private", "pub fn private", "src/echo.rs, fn Reader::private"),
            ("for Error {", "for Reader {", "src/echo.rs, impl Display for Error"),
        ];
        for (from, to, item) in changes {
            let problems = problems(STUB, &ANSWER.replacen(from, to, 1));
            assert!(problems.iter().any(|problem| problem.starts_with(item)), "{to}: {problems:?}");
        }
    }

    #[test]
    fn a_file_that_only_one_has_is_a_problem() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let (ours, theirs) = (folder.path().join("a"), folder.path().join("b"));
        for file in ["frames.rs", "given/run.rs"] {
            files::write_whole(&ours.join(file), b"").expect("written");
        }
        files::write_whole(&theirs.join("given/run.rs"), b"").expect("written");
        assert_eq!(compare_files(&ours, &theirs), ["src/frames.rs: only in the lab"]);
        assert_eq!(compare_files(&theirs, &ours), ["src/frames.rs: only in the solution"]);
    }

    #[test]
    fn given_files_are_copies() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let (ours, theirs) = (folder.path().join("a"), folder.path().join("b"));
        for (file, copy) in [("same.rs", "one"), ("other.rs", "two")] {
            files::write_whole(&ours.join(file), b"one").expect("written");
            files::write_whole(&theirs.join(file), copy.as_bytes()).expect("written");
        }
        let wanted = ["src/given/other.rs: differs, and should be a copy"];
        assert_eq!(differing_copies(&ours, &theirs), wanted);
    }
}
