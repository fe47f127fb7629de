//! `cargo lab doctor`: checks whether this machine has what the labs need, and gives advice on what
//! it lacks.

mod probes;

use serde::Serialize;

use crate::course::labs;
use crate::error::{Error, Exit};
use crate::output::Output;
use crate::workspace::Workspace;
use probes::{Finding, Need};
use terminal::{Style, pad, wrap};

/// What the doctor found.
#[derive(Debug, Serialize)]
pub struct Diagnosis {
    fit: bool,
    findings: Vec<Finding>,
}

/// Checks everything that the labs need.
pub fn run(workspace: &Workspace) -> Result<Diagnosis, Error> {
    let labs = labs::all(workspace)?;
    let mut findings = probes::toolchain(&workspace.root);
    findings.extend(probes::network(&labs));
    findings.extend(probes::system(workspace));
    findings.extend(probes::peers());
    findings.extend(probes::sandbox());
    let fit = findings.iter().all(|finding| finding.ok || finding.need != Need::Required);
    Ok(Diagnosis { fit, findings })
}

const SECTIONS: [(Need, &str); 4] = [
    (Need::Required, "Every lab needs"),
    (Need::Useful, "Tests see more with"),
    (Need::ByHand, "For trying things by hand"),
    (Need::Grading, "For grading untrusted programs"),
];

impl Output for Diagnosis {
    fn page(&self, style: &Style) -> String {
        let sections = SECTIONS.iter().map(|(need, title)| self.section(*need, title, style));
        let verdict = match self.fit {
            true => style.good("This machine is fit for all labs."),
            false => style.bad("This machine is not fit yet. See the marks above."),
        };
        format!("{}\n{verdict}\n", sections.collect::<String>())
    }

    fn exit(&self) -> Exit {
        Exit::of(self.fit)
    }
}

impl Diagnosis {
    fn section(&self, need: Need, title: &str, style: &Style) -> String {
        let mut section = format!("\n{}\n", style.bold(title));
        for finding in self.findings.iter().filter(|finding| finding.need == need) {
            let mark = match (finding.ok, need) {
                (false, Need::Required) => style.mark(false),
                (false, _) => style.careful("○"),
                (true, _) => style.mark(true),
            };
            let found = wrap(&finding.found, 20);
            section += &format!("  {mark} {}{found}\n", pad(finding.name, 16));
            if let Some(advice) = &finding.advice {
                section += &format!("{}{}\n", " ".repeat(20), style.dim(&wrap(advice, 20)));
            }
        }
        section
    }
}
