//! The test that the user names.

use lab::course::labs::Lab;
use lab::error::Error;
use lab::output::list_in_words;

/// Most names that an error lists.
const LISTED: usize = 5;

/// The only one of `tests` called `wanted`: by its whole name, its name without the module, or a
/// part of its name.
pub fn find<'a>(lab: &Lab, tests: &'a [String], wanted: &str) -> Result<&'a str, Error> {
    // Names may be written as words, as pages show them.
    let word = wanted.trim().replace(' ', "_");
    if word.is_empty() {
        let few: Vec<&String> = tests.iter().take(LISTED).collect();
        let why = format!("the first tests of lab {} are {}", lab.number, listed(&few));
        return Err(Error::usage("the name of the test is empty", why));
    }
    let is_exact = |test: &&String| **test == word || name(test) == word;
    if let Some(test) = tests.iter().find(is_exact) {
        return Ok(test);
    }
    let found: Vec<&String> = tests.iter().filter(|test| test.contains(&word)).collect();
    match found[..] {
        [test] => Ok(test),
        [] => Err(Error::usage(
            format!("lab {} has no test `{wanted}`", lab.number),
            format!("the nearest names are {}", listed(&nearest(tests, &word))),
        )),
        _ => Err(Error::usage(
            format!("`{wanted}` is a part of {} names in lab {}", found.len(), lab.number),
            format!("the first are {}", listed(&found[..found.len().min(LISTED)])),
        )),
    }
}

fn name(test: &str) -> &str {
    test.rsplit("::").next().unwrap_or(test)
}

fn nearest<'a>(tests: &'a [String], word: &str) -> Vec<&'a String> {
    let mut tests: Vec<&String> = tests.iter().collect();
    let distance = |test: &&String| strsim::jaro_winkler(name(test), word);
    tests.sort_by(|one, other| distance(other).total_cmp(&distance(one)));
    tests.truncate(LISTED);
    tests
}

fn listed(tests: &[&String]) -> String {
    let names: Vec<&str> = tests.iter().map(|test| name(test)).collect();
    list_in_words(&names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab::course::labs;
    use lab::workspace::Workspace;

    fn find_in_lab_01(wanted: &str) -> Result<String, String> {
        let workspace = Workspace::find().expect("the tests run in it");
        // A copy for students may have other labs, so one of them plays lab 01.
        let mut lab = labs::all(&workspace).expect("they can be read").remove(0);
        lab.number = "01".to_owned();
        lab.name = "echo".to_owned();
        let tests = ["step1_listen::listens", "step2_echo::bytes_come_back", "step2_echo::bytes"];
        let tests = tests.map(str::to_owned);
        let found = find(&lab, &tests, wanted).map(str::to_owned);
        found.map_err(|error| error.to_string())
    }

    #[test]
    fn a_test_is_found_by_any_clear_name() {
        for wanted in ["step1_listen::listens", "listens", "listen", "step1"] {
            assert_eq!(find_in_lab_01(wanted).as_deref(), Ok("step1_listen::listens"), "{wanted}");
        }
        assert_eq!(find_in_lab_01("bytes").as_deref(), Ok("step2_echo::bytes"));
        assert_eq!(find_in_lab_01("bytes come back").as_deref(), Ok("step2_echo::bytes_come_back"));
    }

    #[test]
    fn an_unclear_name_is_answered_with_names() {
        let error = find_in_lab_01("step2").expect_err("there are two");
        assert_eq!(
            error,
            "error: `step2` is a part of 2 names in lab 01: the first are bytes_come_back and bytes"
        );
        let error = find_in_lab_01(" ").expect_err("it is empty");
        assert!(
            error.starts_with("error: the name of the test is empty: the first tests"),
            "{error}"
        );
        let error = find_in_lab_01("listms").expect_err("there is none");
        assert!(
            error
                .starts_with("error: lab 01 has no test `listms`: the nearest names are listens, ")
        );
    }
}
