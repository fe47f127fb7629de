//! Programs of other authors as peers, where the machine has them.

use super::subject::Subject;
use std::path::Path;
use std::process::{Command, Stdio};

/// Where Python 3 is; `None` where it is not.
///
/// Its own path, for `python3` may be a script that takes its time to find it.
pub fn python() -> Option<String> {
    let path = output_of("python3", &["-c", "import sys; print(sys.executable)"]);
    Path::new(path.trim()).is_file().then(|| path.trim().to_owned())
}

impl Subject {
    /// A program in Python 3, in the same test: `script` is its text. `None` where there is no
    /// Python; the test is then noted as skipped.
    pub fn python(&self, script: &str) -> Option<Subject> {
        let Some(python) = python() else {
            self.skip("this machine has no python3");
            return None;
        };
        // Without its site packages (-S) it starts several times faster.
        Some(self.another([python.as_str(), "-S", "-u", "-c", script]))
    }

    /// The netcat of OpenBSD, in the same test: it ends when its input does, if told so by `-N`.
    /// `None` where there is none; the test is then noted as skipped.
    pub fn netcat(&self) -> Option<Subject> {
        if !output_of("nc", &["-h"]).contains("-N") {
            self.skip("this machine has no nc that knows -N");
            return None;
        }
        Some(self.another(["nc"]))
    }
}

/// All that `program` prints; nothing, if it cannot be started.
fn output_of(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let said = output.map(|output| [output.stdout, output.stderr].concat()).unwrap_or_default();
    String::from_utf8_lossy(&said).into_owned()
}
