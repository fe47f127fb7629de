//! The YAML for GitHub Actions and Kubernetes, as a parser reads it.

use handout::command_line::System;
use handout::templates::{self, Values};
use saphyr::{LoadableYamlNode, Yaml};

const SYSTEMS: [System; 4] =
    [System::Gradescope, System::Github, System::Slurm, System::Kubernetes];

pub fn values() -> Values {
    Values {
        labs: "01".to_owned(),
        shards: 3,
        sandbox: "bubblewrap",
        commit: "0123456789ab".to_owned(),
    }
}

/// The text of the file `path` for `system`.
pub fn text(system: System, path: &str) -> String {
    let template = templates::of(system).iter().find(|template| template.path == path);
    template.expect("there is such a file").filled(&values())
}

fn parsed(text: &str) -> Yaml<'_> {
    let mut documents = Yaml::load_from_str(text).expect("it is YAML");
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

/// The names between two `@` that have no value.
fn unfilled(text: &str) -> Vec<&str> {
    let is_name = |part: &&str| !part.is_empty() && part.chars().all(|it| it.is_ascii_lowercase());
    let mut parts: Vec<&str> = text.split('@').skip(1).collect();
    parts.pop();
    parts.into_iter().filter(is_name).collect()
}

#[test]
fn every_value_of_a_template_is_known() {
    for template in SYSTEMS.iter().flat_map(|system| templates::of(*system)) {
        let text = template.filled(&values());
        assert_eq!(unfilled(&text), Vec::<&str>::new(), "{}", template.path);
    }
    assert_eq!(unfilled("a @labs@ b v4@x.y @new@"), ["labs", "new"]);
}

#[test]
fn the_workflow_may_only_read_and_its_actions_have_versions() {
    let text = text(System::Github, ".github/workflows/grade.yml");
    let workflow = parsed(&text);
    let permissions = workflow["permissions"].as_mapping().expect("permissions");
    assert_eq!(permissions.len(), 1);
    assert_eq!(workflow["permissions"]["contents"].as_str(), Some("read"));
    assert!(!text.contains("secrets."));
    let steps = workflow["jobs"]["grade"]["steps"].as_sequence().expect("steps");
    let actions: Vec<&str> = steps
        .iter()
        .filter_map(|step| step.as_mapping_get("uses"))
        .filter_map(Yaml::as_str)
        .collect();
    assert_eq!(actions.len(), 3);
    for action in actions {
        let version = action.split_once("@v").expect("a version").1;
        assert_eq!(version.split('.').count(), 3, "{action}");
    }
}

#[test]
fn each_part_of_a_class_is_one_index_of_a_job() {
    let text = text(System::Kubernetes, "grade.yaml");
    let job = parsed(&text);
    let spec = &job["spec"];
    assert_eq!(spec["completionMode"].as_str(), Some("Indexed"));
    assert_eq!(spec["completions"].as_integer(), Some(3));
    let pod = &spec["template"]["spec"];
    assert_eq!(pod["securityContext"]["runAsNonRoot"].as_bool(), Some(true));
    let container = &pod["containers"][0];
    assert_eq!(container["image"].as_str(), Some("wirelab-grader:0123456789ab"));
    assert_eq!(
        container["args"][0].as_str(),
        Some(
            "exec cargo lab grade /class/submissions --lab 01 --out /class/grades \
             --shard \"$((JOB_COMPLETION_INDEX + 1))/3\""
        )
    );
}

#[test]
fn the_report_reads_the_ledgers_of_all_parts() {
    let text = text(System::Kubernetes, "report.yaml");
    let job = parsed(&text);
    let command = job["spec"]["template"]["spec"]["containers"][0]["args"][0].as_str();
    assert!(command.is_some_and(|it| it.contains("/class/grades/results-*-of-3.jsonl")));
}

#[test]
fn the_image_has_the_toolchain_with_which_the_workspace_is_tested() {
    let text = text(System::Kubernetes, "Containerfile");
    let line = format!("FROM docker.io/library/rust:{}-bookworm\n", env!("CARGO_PKG_RUST_VERSION"));
    assert!(text.contains(&line), "{text}");
}
