//! How many processes the control groups of this process still allow: `pids.max` (cgroups(7)).
//!
//! ```text
//!   /proc/self/cgroup   0::/user.slice/a     ─▶ /sys/fs/cgroup/user.slice/a/pids.max   (version 2)
//!                       8:pids:/docker/b     ─▶ /sys/fs/cgroup/pids/docker/b/pids.max  (version 1)
//! ```
//!
//! Each group above counts, too. In a container the path may be that of the host. Then the topmost
//! folder is the container's own group.

use std::fs;
use std::path::{Path, PathBuf};

/// How many processes and threads may still start. `None`: any number.
pub fn processes_left() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    groups.lines().filter_map(folder).filter_map(|folder| left_in_all(&folder)).min()
}

/// The folder of a group that may count processes: `ID:CONTROLLERS:PATH`.
fn folder(line: &str) -> Option<PathBuf> {
    let (controllers, path) = line.split_once(':')?.1.split_once(':')?;
    let root = match controllers {
        "" => "/sys/fs/cgroup",
        _ if controllers.split(',').any(|name| name == "pids") => "/sys/fs/cgroup/pids",
        _ => return None,
    };
    Some(Path::new(root).join(path.trim_start_matches('/')))
}

fn left_in_all(folder: &Path) -> Option<u64> {
    let groups = folder.ancestors().take_while(|group| group.starts_with("/sys/fs/cgroup"));
    groups.filter_map(left_in).min()
}

/// What is left in one group; `None` if it sets no limit.
fn left_in(group: &Path) -> Option<u64> {
    let number = |name: &str| -> Option<u64> {
        fs::read_to_string(group.join(name)).ok()?.trim().parse().ok()
    };
    Some(number("pids.max")?.saturating_sub(number("pids.current")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_groups_that_count_processes_matter() {
        let folder = |line| folder(line).map(|path| path.to_string_lossy().into_owned());
        assert_eq!(folder("0::/user.slice/a").as_deref(), Some("/sys/fs/cgroup/user.slice/a"));
        assert_eq!(folder("8:cpu,pids:/b").as_deref(), Some("/sys/fs/cgroup/pids/b"));
        assert_eq!(folder("4:memory:/c"), None);
        assert_eq!(folder(""), None);
    }
}
