//! The workspace's `Cargo.toml` for the packages that students get.

/// `text` without the members for which `has` is false, and without the dependencies that no
/// manifest in `packages` names.
pub fn for_packages(text: &str, has: impl Fn(&str) -> bool, packages: &[String]) -> String {
    let mut kept = String::new();
    let mut section = "";
    for line in text.split_inclusive('\n') {
        if line.starts_with('[') {
            section = line.trim();
        }
        match section {
            "[workspace]" => kept.push_str(&kept_members(line, &has)),
            "[workspace.dependencies]" if !is_used(line, packages) => (),
            _ => kept.push_str(line),
        }
    }
    kept
}

/// A line such as `members = ["common", "labs/*"]`. A pattern stays: it stands for the folders that
/// are there.
fn kept_members(line: &str, has: &impl Fn(&str) -> bool) -> String {
    let Some((key, list)) = line.split_once("members = [") else { return line.to_owned() };
    let Some((list, end)) = list.rsplit_once(']') else { return line.to_owned() };
    let is_kept = |member: &&str| {
        let path = member.trim_matches('"');
        path.contains('*') || has(&format!("{path}/Cargo.toml"))
    };
    let members: Vec<&str> = list.split(", ").filter(is_kept).collect();
    format!("{key}members = [{}]{end}", members.join(", "))
}

fn is_used(line: &str, packages: &[String]) -> bool {
    let Some((name, _)) = line.split_once(" = ") else { return true };
    let uses = [format!("\n{name}.workspace"), format!("\n{name} = {{ workspace")];
    packages.iter().any(|package| uses.iter().any(|used| package.contains(used)))
}
