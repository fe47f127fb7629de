//! The order of test results. libtest lists tests by name; `lab.toml` lists them in teaching order, and
//! the first failure that a student reads should be the most basic one.

use super::result::TestResult;
use crate::course::labs::Lab;

/// Sorts `results` as `lab.toml` lists the tests; by name if it does not list them.
pub fn as_in_manifest(lab: &Lab, results: &mut [TestResult]) {
    results.sort_by_cached_key(|result| {
        let (module, name) = result.test.split_once("::").unwrap_or(("", &result.test));
        let tests = lab.step_of(&result.test).map_or(&[][..], |step| &step.tests);
        (module.to_owned(), tests.iter().position(|test| test == name), name.to_owned())
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::labs::tests::example;

    #[test]
    fn results_are_in_the_order_of_the_manifest() {
        let mut lab = example();
        lab.manifest.steps[0].tests = ["simple", "hard"].map(str::to_owned).to_vec();
        let names =
            ["step2_echo::b", "step1_listen::hard", "step2_echo::a", "step1_listen::simple"];
        let mut all = names.map(TestResult::passed);
        as_in_manifest(&lab, &mut all);
        let order = all.map(|result| result.test);
        let wanted =
            ["step1_listen::simple", "step1_listen::hard", "step2_echo::a", "step2_echo::b"];
        assert_eq!(order, wanted.map(str::to_owned));
    }
}
