//! Submissions in another language.

use ledger::Verdict;

use crate::class::{Class, has_sandbox, workspace};

#[test]
fn a_command_is_judged_in_the_folder_of_each_submission() {
    if !has_sandbox() {
        return;
    }
    let class = Class::new();
    let server =
        std::fs::read(workspace().join("docs/examples/echo_server.py")).expect("it is there");
    class.add_file("anna/server.py", &server);
    class.add_file("ben/project/server.py", "import sys\nsys.exit(3)\n");
    class.grade(&["--subject", "python3 -u server.py"]);
    let (anna, ben) = (class.entry("anna"), class.entry("ben"));
    let step = |name: &str| anna.steps.iter().find(|step| step.name == name).expect("a step");
    assert_eq!(step("echo").points, 25, "{:?}", step("echo"));
    assert_eq!((ben.verdict, ben.points), (Verdict::ExitedEarly, 0), "{:?}", ben.reason);
    assert_eq!(anna.submission.taken[0].path, "server.py");
}
