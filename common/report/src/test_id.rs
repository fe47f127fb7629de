//! Which test: `step2_echo::a_test` in its parts.

use serde::{Deserialize, Serialize};

/// A test, and the step that it judges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestId {
    /// The module that it is in: `step2_echo`.
    pub module: String,
    /// The step of that module: `echo`. `None` for a test that belongs to no step.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub step: Option<String>,
    /// Its own name.
    pub name: String,
}

impl TestId {
    /// `path` ends as Rust names the test: `...::step2_echo::a_test`.
    pub fn parse(path: &str) -> TestId {
        let (modules, name) = path.rsplit_once("::").unwrap_or(("", path));
        let module = modules.rsplit("::").next().unwrap_or(modules);
        let step = step_of(module).map(str::to_owned);
        TestId { module: module.to_owned(), step, name: name.to_owned() }
    }

    /// The step, or the module of a test that belongs to none: what stands before its name in a
    /// heading.
    pub fn group(&self) -> &str {
        self.step.as_deref().unwrap_or(&self.module)
    }
}

/// `step2_echo` is the module of the step `echo`.
fn step_of(module: &str) -> Option<&str> {
    let (number, step) = module.strip_prefix("step")?.split_once('_')?;
    number.parse::<u32>().is_ok().then_some(step)
}
