//! The order in which tests are told. libtest lists them by name; in the suite they stand from
//! simple to hard, and the first failure that a student reads should be the simplest.

use std::fs;

use crate::judge::Judged;
use crate::labs::Lab;

/// Sorts `judged` as the tests stand in the suite of `lab`; by name where that cannot be seen.
pub fn as_in_the_suite(lab: &Lab, judged: &mut [Judged]) {
    judged.sort_by_cached_key(|judged| {
        let (module, name) = judged.test.split_once("::").unwrap_or(("", &judged.test));
        (module.to_owned(), line_of(lab, module, name), name.to_owned())
    });
}

fn line_of(lab: &Lab, module: &str, name: &str) -> Option<usize> {
    let path = lab.path.join("tests/suite").join(format!("{module}.rs"));
    let head = format!("fn {name}(");
    fs::read_to_string(path).ok()?.lines().position(|line| line.starts_with(&head))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::tests::example;

    #[test]
    fn tests_are_told_as_they_stand_in_the_suite() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let lab = Lab { path: folder.path().to_owned(), ..example() };
        fs::create_dir_all(lab.path.join("tests/suite")).expect("made");
        let suite = "#[test]\nfn simple() {}\n#[test]\nfn hard() {}\n";
        fs::write(lab.path.join("tests/suite/step1_listen.rs"), suite).expect("written");

        let names =
            ["step2_echo::b", "step1_listen::hard", "step2_echo::a", "step1_listen::simple"];
        let mut all = names.map(Judged::passed);
        as_in_the_suite(&lab, &mut all);
        let order = all.map(|judged| judged.test);
        let wanted =
            ["step1_listen::simple", "step1_listen::hard", "step2_echo::a", "step2_echo::b"];
        assert_eq!(order, wanted.map(str::to_owned));
    }
}
