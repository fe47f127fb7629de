//! The order in which tests are told. libtest lists them by name; `lab.toml` lists them from the
//! most basic cause to the subtlest, and the first failure that a student reads should be the most basic.

use crate::judge::Judged;
use crate::labs::Lab;

/// Sorts `judged` as `lab.toml` lists the tests; by name where it does not.
pub fn as_in_the_suite(lab: &Lab, judged: &mut [Judged]) {
    judged.sort_by_cached_key(|judged| {
        let (module, name) = judged.test.split_once("::").unwrap_or(("", &judged.test));
        let tests = lab.step_of(&judged.test).map_or(&[][..], |step| &step.tests);
        (module.to_owned(), tests.iter().position(|test| test == name), name.to_owned())
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::tests::example;

    #[test]
    fn tests_are_told_as_the_manifest_lists_them() {
        let mut lab = example();
        lab.steps[0].tests = ["simple", "hard"].map(str::to_owned).to_vec();
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
