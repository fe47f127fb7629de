//! No suite sleeps or uses a fixed port.
//!
//! A test that sleeps is slow on a fast machine and wrong on a slow one. A test with a fixed port fails
//! while another lab runs. A search in the text finds both.

use std::fs;

use crate::check::Check;
use crate::source;
use lab::course::labs::Lab;
use lab::files;
use lab::workspace::Workspace;
use terminal::count_of;

/// Looks through the tests of the lab and of its solution.
pub fn is_sound(workspace: &Workspace, lab: &Lab) -> Check {
    let files = source::test_files(workspace, lab);
    let mut problems = Vec::new();
    for path in &files {
        let text = fs::read_to_string(path).unwrap_or_default();
        let place = files::relative(path, &workspace.root);
        for (index, line) in text.lines().enumerate() {
            let problem = problem(line).map(|what| format!("{place}:{}: {what}", index + 1));
            problems.extend(problem);
        }
    }
    Check::new(
        "no sleep",
        format!("nor a fixed port in {}", count_of(files.len(), "file")),
        problems,
    )
}

fn problem(line: &str) -> Option<&'static str> {
    if line.trim_start().starts_with("//") {
        return None;
    }
    if line.contains("sleep(") {
        return Some("a sleep: wait for the event itself, with a deadline");
    }
    has_fixed_port(line).then_some("a fixed port: listen on port 0, and read which it is")
}

/// Whether `line` has one of the labs' own ports, `:70` and two more digits.
fn has_fixed_port(line: &str) -> bool {
    line.match_indices(":70").any(|(start, found)| {
        let digits = line[start + found.len()..].chars().take_while(char::is_ascii_digit);
        digits.count() == 2
    })
}
