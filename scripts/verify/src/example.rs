//! A lab for the tests of several modules.

use lab::course::labs::{Lab, Step};
use manifest::Manifest;
use std::path::PathBuf;

/// Two steps, `listen` and `echo`.
pub fn example() -> Lab {
    let step = |name: &str, points| Step {
        name: name.to_owned(),
        idea: format!("what {name} teaches"),
        points,
        files: vec![format!("{name}.rs")],
        tests: Vec::new(),
        hints: ["one", "two", "three"].map(str::to_owned).to_vec(),
    };
    Lab {
        path: PathBuf::from("labs/01-echo"),
        number: "01".to_owned(),
        name: "echo".to_owned(),
        manifest: Manifest {
            title: "Echo".to_owned(),
            minutes: 120,
            steps: vec![step("listen", 15), step("echo", 20)],
        },
    }
}
